import { Buffer, isUtf8 } from 'node:buffer'
import { declarationIsOpen, declaredEncoding } from './declaration.ts'
import { Malformed } from './malformed.ts'

const noBytes = Buffer.alloc(0)

/** Turns bytes of one encoding into valid UTF-8, chunk by chunk. @throws Malformed for bytes the encoding has not */
interface Decoder {
  decode(chunk: Uint8Array, final: boolean): Uint8Array
}

/**
 * The bytes of a whole document as UTF-8.
 * @param charset the parameter of the media type, if there is one
 */
export function decodeXml(bytes: Uint8Array, charset: string | undefined): Uint8Array {
  return begin(asBuffer(bytes), charset, true).decoded
}

/**
 * Reads the bytes of an XML document as UTF-8. What decides is, in this order: a byte order mark, the `charset` of the
 * media type, the XML declaration, and UTF-8 where nothing is said (RFC 7303 §3, XML 1.0 appendix F).
 */
export class XmlDecoder {
  readonly #charset: string | undefined
  #decoder: Decoder | undefined
  #start: Buffer = noBytes

  /** @param charset the parameter of the media type, if there is one */
  constructor(charset: string | undefined) {
    this.#charset = charset
  }

  decode(chunk: Uint8Array): Uint8Array {
    if (this.#decoder !== undefined) return this.#decoder.decode(chunk, false)
    this.#start = this.#start.length === 0 ? asBuffer(chunk) : Buffer.concat([this.#start, chunk])
    return this.#begin(false)
  }

  end(): Uint8Array {
    const first = this.#decoder === undefined ? this.#begin(true) : noBytes
    const last = this.#decoder!.decode(noBytes, true)
    return first.length === 0 ? last : Buffer.concat([first, last])
  }

  #begin(final: boolean): Uint8Array {
    const start = this.#start
    if (!final && (start.length < 4 || declarationIsOpen(start))) return noBytes
    const { decoder, decoded } = begin(start, this.#charset, false)
    this.#decoder = decoder
    this.#start = noBytes
    return decoded
  }
}

/** Finds out how the document is encoded, and decodes what there is of it. */
function begin(start: Buffer, charset: string | undefined, final: boolean): { decoder: Decoder; decoded: Uint8Array } {
  const { label, mark } = detect(start, charset)
  const decoder = decoderFor(label)
  return { decoder, decoded: decoder.decode(mark === 0 ? start : start.subarray(mark), final) }
}

function detect(start: Buffer, charset: string | undefined): { label: string; mark: number } {
  const a = start[0]
  const b = start[1]
  if (a === 0xef && b === 0xbb && start[2] === 0xbf) return { label: 'utf-8', mark: 3 }
  if (a === 0xff && b === 0xfe && !(start[2] === 0 && start[3] === 0)) return { label: 'utf-16le', mark: 2 }
  if (a === 0xfe && b === 0xff) return { label: 'utf-16be', mark: 2 }
  const wide = a === 0x3c && b === 0 ? 'utf-16le' : a === 0 && b === 0x3c ? 'utf-16be' : undefined
  if (charset !== undefined && charset !== '') {
    const label = charset.toLowerCase()
    // Without a mark UTF-16 is big-endian (RFC 2781 §4.3), unless the first character says otherwise.
    return { label: label === 'utf-16' ? (wide ?? 'utf-16be') : label, mark: 0 }
  }
  if (wide !== undefined) return { label: wide, mark: 0 }
  if (b !== 0x3f) return { label: 'utf-8', mark: 0 }
  const label = declaredEncoding(start) ?? 'utf-8'
  if (label.startsWith('utf-16') || label.startsWith('iso-10646-ucs')) {
    throw new Malformed('the declared encoding is not that of the document')
  }
  return { label, mark: 0 }
}

function decoderFor(label: string): Decoder {
  switch (label) {
    case 'utf-8':
    case 'utf8':
      return new Utf8()
    case 'iso-8859-1':
    case 'iso_8859-1':
    case 'latin1':
      return { decode: (chunk) => fromLatin1(chunk) }
    case 'us-ascii':
    case 'ascii':
      return { decode: fromAscii }
    default:
      return new Labelled(label)
  }
}

/** UTF-8 stays as it is once it is known to be valid; a character cut in two waits for its other half. */
class Utf8 implements Decoder {
  #rest: Buffer = noBytes

  decode(chunk: Uint8Array, final: boolean): Uint8Array {
    const whole = this.#rest.length === 0 ? asBuffer(chunk) : Buffer.concat([this.#rest, chunk])
    const end = final ? whole.length : wholeCharacters(whole)
    this.#rest = end === whole.length ? noBytes : Buffer.from(whole.subarray(end))
    const bytes = end === whole.length ? whole : whole.subarray(0, end)
    if (!isUtf8(bytes)) throw new Malformed('not UTF-8')
    return bytes
  }
}

/** How many bytes hold whole characters only, judged by the last three. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) return bytes.length
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return needed > back ? bytes.length - back : bytes.length
    }
  }
  return bytes.length
}

/** Encodings the platform knows by name. ISO-8859-1 is not among them: there the label means windows-1252. */
class Labelled implements Decoder {
  readonly #decoder: TextDecoder

  constructor(label: string) {
    if (!allowed.test(label)) throw new Malformed('an encoding that is not supported')
    this.#decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true })
  }

  decode(chunk: Uint8Array, final: boolean): Uint8Array {
    try {
      return Buffer.from(this.#decoder.decode(chunk, { stream: !final }))
    } catch {
      throw new Malformed('bytes that the encoding does not have')
    }
  }
}

/** Of ISO-8859-9 and -11 too the platform knows the supersets of Windows: they differ in control characters that nobody writes. */
const allowed =
  /^(?:utf-16(?:le|be)|windows-(?:125[0-8]|874|31j)|iso-8859-(?:[2-9]|1[013-6])|koi8-[ru]|shift_jis|euc-jp|euc-kr|gb(?:18030|2312|k)|big5)$/

function fromLatin1(chunk: Uint8Array): Uint8Array {
  return Buffer.from(asBuffer(chunk).toString('latin1'))
}

function fromAscii(chunk: Uint8Array): Uint8Array {
  for (let i = 0; i < chunk.length; i++) if (chunk[i]! >= 0x80) throw new Malformed('not ASCII')
  return chunk
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
}
