/** A URI reference against a base, without an empty fragment; undefined where it is none. */
export function absolute(reference: string, base: string): string | undefined {
  try {
    return new URL(reference, base).href.replace(/#$/, '')
  } catch {
    return undefined
  }
}

/** Percent-encoding undone; as it is where it is malformed. RFC 6901 §6 */
export function decodeFragment(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
