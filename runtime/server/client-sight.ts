import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import ipaddr from 'ipaddr.js'
import type { Fields } from '../core/headers.ts'
import type { RequestFields } from './request-fields.ts'

/** Who calls and how, as far as it can be believed. */
export interface Client {
  readonly address: string
  readonly secure: boolean
  readonly host: string
  /** What the upstream is told: `X-Forwarded-*` and `Forwarded` (RFC 7239). */
  readonly fields: Fields
}

export type ClientSight = (socket: Socket, sorted: RequestFields, asked: string) => Client

type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number]

/**
 * Tells the client's address: the peer's, unless the peer is a trusted proxy; then the right-most address of
 * `X-Forwarded-For` (or `Forwarded`) that is not one itself, for everything further left may be invented.
 * @param trusted CIDR blocks
 */
export function clientSight(trusted: readonly string[]): ClientSight {
  const ranges = trusted.map(parseRange)
  return (socket, sorted, asked) => {
    const peer = plainAddress(socket.remoteAddress ?? '')
    if (ranges.length > 0 && isTrusted(peer, ranges)) return throughProxy(peer, socket, sorted, asked, ranges)
    const secure = socket instanceof TLSSocket
    const kept = (socket as { [lastClient]?: Client })[lastClient]
    if (kept !== undefined && kept.host === asked) return kept
    const client = { address: peer, secure, host: asked, fields: forwardedFields(peer, peer, '', asked, secure) }
    // One connection nearly always asks for one host: the fields are made once for it.
    ;(socket as { [lastClient]?: Client })[lastClient] = client
    return client
  }
}

const lastClient = Symbol('client')

export function parseRange(cidr: string): Range {
  return cidr.includes('/') ? ipaddr.parseCIDR(cidr) : [ipaddr.parse(cidr), cidr.includes(':') ? 128 : 32]
}

function throughProxy(
  peer: string,
  socket: Socket,
  sorted: RequestFields,
  asked: string,
  ranges: readonly Range[],
): Client {
  const chain = sorted.forwardedFor === undefined ? forwardedChain(sorted.forwarded) : sorted.forwardedFor.split(',')
  let address = peer
  for (let i = chain.length - 1; i >= 0; i--) {
    const hop = plainAddress(withoutPort(chain[i]!.trim()))
    if (!ipaddr.isValid(hop)) break
    address = hop
    if (!isTrusted(hop, ranges)) break
  }
  const proto = sorted.forwardedProto ?? parameter(sorted.forwarded, 'proto')
  const secure = proto === undefined ? socket instanceof TLSSocket : proto.toLowerCase() === 'https'
  const host = sorted.forwardedHost ?? parameter(sorted.forwarded, 'host') ?? asked
  const before = sorted.forwardedFor ?? chain.join(', ')
  const fields = forwardedFields(
    before === '' ? peer : `${before}, ${peer}`,
    peer,
    sorted.forwarded ?? '',
    host,
    secure,
  )
  return { address, secure, host, fields }
}

function forwardedFields(chain: string, peer: string, before: string, host: string, secure: boolean): Fields {
  const proto = secure ? 'https' : 'http'
  const node = peer.includes(':') ? `"[${peer}]"` : peer
  const element = host === '' ? `for=${node};proto=${proto}` : `for=${node};host="${host}";proto=${proto}`
  const fields = [
    'X-Forwarded-For',
    chain,
    'X-Forwarded-Proto',
    proto,
    'Forwarded',
    before === '' ? element : `${before}, ${element}`,
  ]
  if (host !== '') fields.push('X-Forwarded-Host', host)
  return fields
}

function isTrusted(address: string, ranges: readonly Range[]): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return ranges.some(([base, bits]) => parsed.kind() === base.kind() && parsed.match(base as ipaddr.IPv4, bits))
}

/** An IPv4 address inside IPv6 (`::ffff:10.0.0.1`) is the IPv4 address. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

function withoutPort(node: string): string {
  if (node[0] === '[') return node.slice(1, node.indexOf(']'))
  const colon = node.indexOf(':')
  return colon !== -1 && colon === node.lastIndexOf(':') ? node.slice(0, colon) : node
}

/** The `for` of each element of a Forwarded field, left to right. */
function forwardedChain(forwarded: string | undefined): string[] {
  if (forwarded === undefined) return []
  return forwarded.split(',').map((element) => parameter(element, 'for') ?? '')
}

/** The right-most value of a parameter, unquoted. */
function parameter(forwarded: string | undefined, name: string): string | undefined {
  if (forwarded === undefined) return undefined
  let found: string | undefined
  for (const pair of forwarded.split(/[,;]/)) {
    const equals = pair.indexOf('=')
    if (equals !== -1 && pair.slice(0, equals).trim().toLowerCase() === name) {
      found = pair
        .slice(equals + 1)
        .trim()
        .replace(/^"(.*)"$/, '$1')
    }
  }
  return found
}
