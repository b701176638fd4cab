import type { Rule } from '../rule.ts'

/** Media types whose items are told apart: the same as `generator/policies/media-types.ts` reads. */
const sequential =
  /^(application\/((x-)?(jsonl|ndjson|json-lines|jsonlines)|json-seq|[^/]+\+json-seq)|text\/event-stream)\s*(;|$)/i

/**
 * `itemSchema` judges the items of sequential media types; what a part of `multipart/mixed` is, and what an item of anything
 * else would be, is not read. https://spec.openapis.org/oas/v3.2.0.html#media-type-object
 */
export const itemSchemas: Rule = (survey, reporter) => {
  for (const { node, key } of survey.all('mediaType')) {
    for (const field of ['itemSchema', 'prefixEncoding', 'itemEncoding']) {
      const written = node.at(field)
      if (written === undefined || (field === 'itemSchema' && sequential.test(String(key)))) continue
      if (!String(key).includes('/')) continue
      reporter.report('items-not-judged', written, { field, mediaType: String(key) })
    }
  }
}
