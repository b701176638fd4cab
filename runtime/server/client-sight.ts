import ipaddr from 'ipaddr.js'
import type { Fields } from '../core/headers.ts'
import type { TurnConnection } from './client-connection.ts'
import { isAuthority } from './host.ts'
import type { RequestFields } from './request-fields.ts'

/** Who calls and how, as far as it can be believed. */
export interface Client {
  readonly address: string
  readonly secure: boolean
  /** The authority the client asked for. */
  readonly host: string
  /** Whether the peer is a proxy whose word counts. */
  readonly isBehindTrusted: boolean
  /** What the upstream is told: `X-Forwarded-*` and `Forwarded` (RFC 7239). */
  readonly fields: Fields
}

export type ClientSight = (
  connection: Pick<TurnConnection, 'socket' | 'client'>,
  sorted: RequestFields,
  asked: string,
) => Client

export type AddressRange = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number]

/**
 * Tells the client's address: the peer's, unless the peer is a trusted proxy; then the right-most address of
 * `X-Forwarded-For` (or `Forwarded`) that is not one itself, for everything further left may be invented.
 */
export function clientSight(trusted: readonly AddressRange[]): ClientSight {
  return (connection, sorted, asked) => {
    const { socket, client: known } = connection
    // One connection nearly always asks for one host: what is told of it is made once.
    if (known !== undefined && known.host === asked && !known.isBehindTrusted) return known
    const peer = plainAddress(socket.remoteAddress ?? '')
    // Its class would be asked for more plainly, but loading node:tls is a tenth of a small service's start.
    const secure = 'encrypted' in socket
    if (trusted.length > 0 && isWithin(peer, trusted)) return throughProxy(peer, secure, sorted, asked, trusted)
    const fields = toldFields([peer], [element(peer, asked, secure)], asked, secure)
    connection.client = { address: peer, secure, host: asked, isBehindTrusted: false, fields }
    return connection.client
  }
}

/** @throws where the text is neither an address nor a CIDR block */
export function addressRange(text: string): AddressRange {
  return text.includes('/') ? ipaddr.parseCIDR(text) : [ipaddr.parse(text), text.includes(':') ? 128 : 32]
}

function throughProxy(
  peer: string,
  isTls: boolean,
  sorted: RequestFields,
  asked: string,
  trusted: readonly AddressRange[],
): Client {
  const elements = sorted.forwarded === undefined ? [] : splitOutsideQuotes(sorted.forwarded, ',')
  const chain =
    sorted.forwardedFor === undefined
      ? elements.map((one) => parameter(one, 'for') ?? 'unknown')
      : sorted.forwardedFor.split(',').map((hop) => hop.trim())
  let address = peer
  for (let i = chain.length - 1; i >= 0; i--) {
    const hop = plainAddress(withoutPort(chain[i]!))
    if (!ipaddr.isValid(hop)) break
    // One spelling, or lists and limits would take an address for several.
    address = ipaddr.process(hop).toString()
    if (!isWithin(hop, trusted)) break
  }
  const last = elements.at(-1)
  const proto = sorted.forwardedProto ?? (last === undefined ? undefined : parameter(last, 'proto'))
  const secure = proto === undefined ? isTls : proto.toLowerCase() === 'https'
  const told = sorted.forwardedHost ?? (last === undefined ? undefined : parameter(last, 'host'))
  const host = told !== undefined && isAuthority(told) ? told : asked
  const before = elements.length > 0 ? elements : chain.map((hop) => `for=${node(plainAddress(withoutPort(hop)))}`)
  const fields = toldFields([...chain, peer], [...before, element(peer, asked, isTls)], host, secure)
  return { address, secure, host, isBehindTrusted: true, fields }
}

function toldFields(chain: readonly string[], elements: readonly string[], host: string, secure: boolean): Fields {
  const fields = [
    'X-Forwarded-For',
    chain.join(', '),
    'X-Forwarded-Proto',
    secure ? 'https' : 'http',
    'Forwarded',
    elements.join(', '),
  ]
  if (host !== '') fields.push('X-Forwarded-Host', host)
  return fields
}

function element(peer: string, host: string, secure: boolean): string {
  const proto = secure ? 'https' : 'http'
  return host === '' ? `for=${node(peer)};proto=${proto}` : `for=${node(peer)};host="${host}";proto=${proto}`
}

/** RFC 7239 §6: an IPv6 address stands in brackets, and so in quotes. */
function node(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown'
  return address.includes(':') ? `"[${address}]"` : address
}

function isWithin(address: string, ranges: readonly AddressRange[]): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return ranges.some(([base, bits]) => parsed.kind() === base.kind() && parsed.match(base as ipaddr.IPv4, bits))
}

/** An IPv4 address inside IPv6 (`::ffff:10.0.0.1`) is the IPv4 address. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

function withoutPort(hop: string): string {
  if (hop[0] === '[') return hop.slice(1, Math.max(hop.indexOf(']'), 1))
  const colon = hop.indexOf(':')
  return colon !== -1 && colon === hop.lastIndexOf(':') ? hop.slice(0, colon) : hop
}

/** A parameter of one Forwarded element, unquoted. */
function parameter(forwarded: string, name: string): string | undefined {
  for (const pair of splitOutsideQuotes(forwarded, ';')) {
    const equals = pair.indexOf('=')
    if (equals === -1 || pair.slice(0, equals).trim().toLowerCase() !== name) continue
    const value = pair.slice(equals + 1).trim()
    return value.length >= 2 && value[0] === '"' && value.endsWith('"') ? value.slice(1, -1) : value
  }
  return undefined
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = []
  let isQuoted = false
  let start = 0
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (char === '"') isQuoted = !isQuoted
    else if (char === '\\' && isQuoted) i++
    else if (char === separator && !isQuoted) {
      parts.push(text.slice(start, i).trim())
      start = i + 1
    }
  }
  parts.push(text.slice(start).trim())
  return parts
}
