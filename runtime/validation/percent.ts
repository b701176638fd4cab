/** Percent-decodes (RFC 3986 §2.1); undefined where the encoding or the UTF-8 it stands for is invalid. */
export function percentDecode(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** As queries and forms have it: a plus is a space (URL Standard §5.1). */
export function formDecode(text: string): string | undefined {
  return percentDecode(text.includes('+') ? text.replaceAll('+', ' ') : text)
}

export function asIs(text: string): string {
  return text
}
