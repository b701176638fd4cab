import ipaddr from 'ipaddr.js'

/** What the lists say of an address: `blocked`, `allowed` by name, or nothing. */
export type ListVerdict = 'blocked' | 'allowed' | undefined

export interface AddressLists {
  readonly allow: readonly string[]
  readonly block: readonly string[]
}

/** Verdicts that are remembered: most requests come from few addresses. */
const mostKnown = 10_000

/**
 * Looks addresses up in two lists of addresses and CIDR blocks. The narrowest block that holds an address decides; of two of
 * the same width the block list's. Where there is an allow list, who is not on it is blocked.
 *
 * Blocks are kept by width, each as a set of networks: so a look-up takes a step for each width that occurs, however many
 * blocks there are.
 */
export function addressLists({ allow, block }: AddressLists): (address: string) => ListVerdict {
  const tables = {
    ipv4: new Map<number, Map<string, ListVerdict>>(),
    ipv6: new Map<number, Map<string, ListVerdict>>(),
  }
  const add = (text: string, verdict: ListVerdict): void => {
    const { kind, bytes, bits } = rangeOf(text)
    const table = tables[kind]
    const networks = table.get(bits) ?? new Map<string, ListVerdict>()
    networks.set(networkOf(bytes, bits), verdict)
    table.set(bits, networks)
  }
  for (const text of allow) add(text, 'allowed')
  for (const text of block) add(text, 'blocked')
  const narrowestFirst = (table: Map<number, Map<string, ListVerdict>>) => [...table].sort(([a], [b]) => b - a)
  const sorted = { ipv4: narrowestFirst(tables.ipv4), ipv6: narrowestFirst(tables.ipv6) }
  const otherwise: ListVerdict = allow.length > 0 ? 'blocked' : undefined
  const lookUp = (address: string): ListVerdict => {
    if (!ipaddr.isValid(address)) return otherwise
    const parsed = ipaddr.process(address)
    const bytes = parsed.toByteArray()
    for (const [bits, networks] of sorted[parsed.kind()]) {
      const verdict = networks.get(networkOf(bytes, bits))
      if (verdict !== undefined) return verdict
    }
    return otherwise
  }
  const known = new Map<string, ListVerdict>()
  return (address) => {
    const before = known.get(address)
    if (before !== undefined || known.has(address)) return before
    if (known.size >= mostKnown) known.clear()
    const verdict = lookUp(address)
    known.set(address, verdict)
    return verdict
  }
}

interface Range {
  readonly kind: 'ipv4' | 'ipv6'
  readonly bytes: readonly number[]
  readonly bits: number
}

/** An IPv4 block inside IPv6 (`::ffff:10.0.0.0/104`) is the IPv4 block. */
function rangeOf(text: string): Range {
  const [address, bits] = text.includes('/')
    ? ipaddr.parseCIDR(text)
    : ([ipaddr.parse(text), text.includes(':') ? 128 : 32] as const)
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96) {
    return { kind: 'ipv4', bytes: address.toIPv4Address().toByteArray(), bits: bits - 96 }
  }
  return { kind: address.kind(), bytes: address.toByteArray(), bits }
}

/** The bits of the network, as text. */
function networkOf(bytes: readonly number[], bits: number): string {
  let text = ''
  for (let i = 0; i * 8 < bits; i++) {
    const left = bits - i * 8
    text += String.fromCharCode(left >= 8 ? bytes[i]! : bytes[i]! & (0xff << (8 - left)))
  }
  return text
}
