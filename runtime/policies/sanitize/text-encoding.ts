/** How the characters of a text are read so that those found can be replaced and all others come out as they came. */
export type TextEncoding = 'utf8' | 'latin1' | 'utf16le' | 'utf16be'

/**
 * What a text is written in: its own first bytes, else its charset. All single-byte sets and those that keep ASCII where it
 * is are read byte by byte, which loses none.
 */
export function textEncoding(type = '', bytes: Buffer): TextEncoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf16be'
  const charset = /;\s*charset\s*=\s*"?([\w-]+)/i.exec(type)?.[1]?.toLowerCase()
  if (charset === undefined || charset === 'utf-8' || charset === 'utf8') return unmarked(bytes)
  if (charset === 'utf-16le') return 'utf16le'
  // Without a mark the order is that of the network (RFC 2781 §4.3); what is no such text is told by where its zeros are.
  if (charset === 'utf-16be' || charset === 'utf-16')
    return charset === 'utf-16' && bytes[1] === 0 ? 'utf16le' : 'utf16be'
  return 'latin1'
}

/** XML may be UTF-16 without any charset: its first character is ASCII then, with a zero beside. */
function unmarked(bytes: Buffer): TextEncoding {
  if (bytes.length > 1 && bytes[0] !== 0 && bytes[1] === 0) return 'utf16le'
  return bytes.length > 1 && bytes[0] === 0 && bytes[1] !== 0 ? 'utf16be' : 'utf8'
}

export function readText(bytes: Buffer, encoding: TextEncoding): string {
  return encoding === 'utf16be' ? swapped(bytes).toString('utf16le') : bytes.toString(encoding)
}

export function writeText(text: string, encoding: TextEncoding): Buffer {
  return encoding === 'utf16be' ? swapped(Buffer.from(text, 'utf16le')) : Buffer.from(text, encoding)
}

function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16()
}
