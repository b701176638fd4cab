import apiKey from './api-key/policy.ts'
import authenticate from './authenticate/policy.ts'
import authorize from './authorize/policy.ts'
import basic from './basic/policy.ts'
import cache from './cache/policy.ts'
import cacheInvalidation from './cache-invalidation/policy.ts'
import conceal from './conceal/policy.ts'
import concurrency from './concurrency/policy.ts'
import cors from './cors/policy.ts'
import type { AnyPolicy } from './define.ts'
import identityHeaders from './identity-headers/policy.ts'
import introspection from './introspection/policy.ts'
import jsonToXml from './json-to-xml/policy.ts'
import jwt from './jwt/policy.ts'
import log from './log/policy.ts'
import mtls from './mtls/policy.ts'
import onRequest from './on-request/policy.ts'
import onResponse from './on-response/policy.ts'
import presence from './presence/policy.ts'
import protect from './protect/policy.ts'
import quota from './quota/policy.ts'
import rateLimit from './rate-limit/policy.ts'
import removeCredentials from './remove-credentials/policy.ts'
import removeIdentity from './remove-identity/policy.ts'
import sanitize from './sanitize/policy.ts'
import timeout from './timeout/policy.ts'
import transform from './transform/policy.ts'
import validateRequest from './validate-request/policy.ts'
import validateResponse from './validate-response/policy.ts'
import webSocket from './web-socket/policy.ts'
import xmlToJson from './xml-to-json/policy.ts'

/**
 * The policies, in the order a request meets them (verifiers of security schemes stand beside `authenticate`, which
 * calls them). Nobody else decides an order: neither an author nor another list.
 */
export const policies: readonly AnyPolicy[] = [
  // Sees every request, refused ones too.
  log,
  // Also of refused requests the log must not tell more than it may.
  conceal,
  // Pages must be able to read whatever is answered from here on, refusals first of all.
  cors,
  // What only the proxy may say of callers, no caller says: before anything could believe it.
  removeIdentity,
  // Who calls: everything after it may count, limit and cache by consumer.
  authenticate,
  apiKey,
  jwt,
  introspection,
  basic,
  mtls,
  presence,
  // What they show for other operations ends here as well.
  removeCredentials,
  // Whom the guard has suspended does not get any further, whatever they may do. Addresses it judges before any policy.
  protect,
  // What they may do: before a limit counts it.
  authorize,
  identityHeaders,
  // Limits before work: a refused request costs a map lookup.
  rateLimit,
  quota,
  // Those who may go on wait for a place: whoever is refused here has used up nothing above.
  concurrency,
  // A request that opens no WebSocket where one is meant need not be looked at any further.
  webSocket,
  // What does not meet the contract goes no further.
  validateRequest,
  // The user's own code sees valid requests of known callers.
  onRequest,
  // Inside everything that decides about the request, so that an answer from the store is for who may have it.
  cache,
  cacheInvalidation,
  // Holds for what goes upstream, also behind the cache.
  timeout,
  // What it makes of an answer is what the cache stores.
  onResponse,
  // What must not be told is not told to the user's own code, nor stored.
  sanitize,
  // Nearest to the upstream: everything further out sees answers that have been judged.
  validateResponse,
  // The contract is what callers send and get: what goes out is changed after it is judged, what comes back before.
  transform,
  // What everybody has judged as JSON goes out as the XML the upstream wants.
  jsonToXml,
  // The upstream's XML is JSON to everybody else.
  xmlToJson,
]
