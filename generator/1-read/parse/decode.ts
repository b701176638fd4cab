/** A file's bytes as text: UTF-8, with or without a byte order mark. RFC 8259 §8.1 and YAML 1.2 §5.2. */
export function decode(bytes: Uint8Array): { text: string } | { encoding: string } {
  const [first, second, third] = bytes
  if (first === 0xfe && second === 0xff) return { encoding: 'UTF-16 (big endian)' }
  if (first === 0xff && second === 0xfe) return { encoding: 'UTF-16 (little endian)' }
  // Without a mark: the first character of such a text is ASCII, so one of its two bytes is null (YAML 1.2 §5.2).
  if (first === 0 && second !== undefined) return { encoding: 'UTF-16 (big endian)' }
  if (second === 0 && first !== undefined) return { encoding: third === 0 ? 'UTF-32' : 'UTF-16 (little endian)' }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return { encoding: 'not valid UTF-8' }
  }
}
