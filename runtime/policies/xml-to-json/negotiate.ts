/**
 * How much a caller likes any of these media types: the highest weight of the most specific range that names each
 * (RFC 9110 §12.5.1). No field is `*` + `/*`.
 */
export function preference(accept: string | undefined, mediaTypes: readonly string[]): number {
  if (accept === undefined || accept.trim() === '') return 1
  const ranges = parse(accept)
  return Math.max(0, ...mediaTypes.map((mediaType) => weightOf(ranges, mediaType)))
}

interface Range {
  readonly type: string
  readonly weight: number
}

function parse(accept: string): Range[] {
  return accept.split(',').flatMap((member) => {
    const [type, ...parameters] = member.split(';').map((part) => part.trim().toLowerCase())
    if (type === undefined || type === '') return []
    const q = parameters.find((parameter) => parameter.startsWith('q='))
    const weight = q === undefined ? 1 : Number(q.slice(2))
    return [
      { type: type === '*' ? '*/*' : type, weight: Number.isFinite(weight) ? Math.min(1, Math.max(0, weight)) : 0 },
    ]
  })
}

function weightOf(ranges: readonly Range[], mediaType: string): number {
  const family = `${mediaType.slice(0, mediaType.indexOf('/'))}/*`
  for (const wanted of [mediaType, family, '*/*']) {
    const matching = ranges.filter(({ type }) => type === wanted)
    if (matching.length > 0) return Math.max(...matching.map(({ weight }) => weight))
  }
  return 0
}
