import { Buffer } from 'node:buffer'
import { Attributes, readAttributes } from './attributes.ts'
import { nameByte as nameBytes, spaceByte as spaceBytes } from './characters.ts'
import { skipDeclaration } from './declaration.ts'
import { defaultLimits, type Limits, tokenLimit } from './limits.ts'
import { Malformed, TooLarge } from './malformed.ts'
import { cdataLength, declarationKind, skipComment, skipInstruction } from './markup.ts'
import type { Name, NameTable } from './names.ts'
import { type Binding, Namespaces } from './namespaces.ts'
import type { Output } from './output.ts'
import { TextReader } from './text.ts'

// Constants of its own, which V8 folds: see characters.ts.
const nameByte = nameBytes
const spaceByte = spaceBytes

/**
 * Told of elements as they begin and end. Text goes to the output directly, in the mode that `open` and `close` leave
 * in {@link TextReader.mode} for what follows.
 */
export interface Handler {
  /** @param uri the element's namespace, '' for none; its attributes are in {@link Scanner.attributes} */
  open(name: Name, uri: string, parentUri: string): void
  close(): void
  /** A CDATA section begins or has ended; its text goes where text goes. */
  cdata(begins: boolean): void
}

/** Where the scanner is. */
const Phase = { start: 0, prolog: 1, content: 2, epilog: 3 } as const

const window = 64 * 1024
const noBytes = new Uint8Array(0)
const lessThan = 0x3c
const greaterThan = 0x3e
const slash = 0x2f

/**
 * Reads XML 1.0 (5th edition) with namespaces, strictly, from valid UTF-8 in chunks of any size, without a DTD: a
 * document type declaration is refused, so there is nothing to expand and nothing to fetch.
 */
export class Scanner {
  readonly attributes = new Attributes()
  readonly namespaces = new Namespaces()
  readonly text: TextReader
  /** Elements that are open. */
  depth = 0
  readonly #names: NameTable
  readonly #handler: Handler
  #limits: Limits
  readonly #open: Name[] = []
  readonly #uris: string[] = ['']
  #phase: number = Phase.start
  #buffer: Uint8Array = noBytes
  /** What is left of the chunk before: the beginning of a token whose end has not come yet. */
  #rest: Uint8Array | undefined
  /** Where the rest of one chunk and the next are put together: the same memory again and again. */
  #joined = Buffer.alloc(0)
  #pending: Uint8Array[] = []
  #pendingLength = 0
  #read = 0
  #inCdata = false
  /** The element that began last. */
  #previous: Name | undefined
  /** Where the token being read begins and ends, for {@link capture}. */
  #token = 0
  #next = 0
  #captureFrom = -1
  #captured: Buffer[] = []

  constructor(names: NameTable, handler: Handler, out: Output, limits: Limits = defaultLimits) {
    this.#names = names
    this.#handler = handler
    this.#limits = limits
    this.text = new TextReader(out)
  }

  /** Makes it ready for another document, after one that ended. */
  restart(limits: Limits): void {
    this.#limits = limits
    this.#phase = Phase.start
    this.#buffer = noBytes
    this.#read = 0
    this.attributes.buffer = noBytes
  }

  /** Makes it read the inside of another document, in the scope of `bindings`. */
  startFragment(bindings: readonly Binding[]): void {
    this.#phase = Phase.prolog
    this.namespaces.start(bindings)
  }

  /** The local name of the element that began last. */
  get opened(): string | undefined {
    return this.#previous?.local
  }

  /** Of the document so far. */
  get bytesRead(): number {
    return this.#read
  }

  /** @throws Malformed, TooLarge; and what the handler throws */
  write(chunk: Uint8Array): void {
    this.#read += chunk.length
    if (this.#read > this.#limits.size) throw new TooLarge('the document is too large')
    if (chunk.length <= window) this.#take(chunk)
    else for (let from = 0; from < chunk.length; from += window) this.#take(chunk.subarray(from, from + window))
  }

  /** Waits until what is there has doubled before a token is read again, so that many small chunks cost no more. */
  #take(chunk: Uint8Array): void {
    const rest = this.#rest
    if (rest === undefined) {
      this.#feed(chunk, false)
      return
    }
    this.#pending.push(chunk)
    this.#pendingLength += chunk.length
    if (this.#pendingLength >= Math.min(rest.length, window)) this.#feed(this.#joinPending(), false)
  }

  #joinPending(): Uint8Array {
    const joined = this.#pending.length === 1 ? this.#pending[0]! : Buffer.concat(this.#pending)
    this.#pending = []
    this.#pendingLength = 0
    return joined
  }

  /** @throws Malformed where the document is not complete */
  end(): void {
    if (this.#rest !== undefined || this.#phase === Phase.start) this.#feed(this.#joinPending(), true)
    if (this.#phase !== Phase.epilog) throw new Malformed('the document ends early', this.#read)
  }

  /** From the start tag just reported on, keeps the bytes of this element. */
  capture(): void {
    this.#captureFrom = this.#token
    this.#captured = []
  }

  /** Called while the end of an element is reported: the bytes since {@link capture}, with or without its end tag. */
  captured(what: 'element' | 'children'): Buffer {
    const end = what === 'element' ? this.#next : this.#token
    this.#captured.push(Buffer.from(this.#buffer.subarray(this.#captureFrom, end)))
    this.#captureFrom = -1
    return Buffer.concat(this.#captured)
  }

  /** What is read is copied before this is called again; only the rest may be part of what it gave before. */
  #join(rest: Uint8Array, chunk: Uint8Array): Uint8Array {
    const length = rest.length + chunk.length
    const joined = this.#joined.length < length ? Buffer.allocUnsafeSlow(length + window) : this.#joined
    joined.set(rest)
    joined.set(chunk, rest.length)
    this.#joined = joined
    return joined.subarray(0, length)
  }

  #feed(chunk: Uint8Array, final: boolean): void {
    const rest = this.#rest
    const buffer = rest === undefined ? chunk : this.#join(rest, chunk)
    this.#buffer = buffer
    this.attributes.buffer = buffer
    const at = this.#scan(final)
    if (this.#captureFrom >= 0) {
      this.#captured.push(Buffer.from(buffer.subarray(this.#captureFrom, at)))
      this.#captureFrom = 0
    }
    this.#rest = undefined
    if (at === buffer.length) return
    if (final) throw new Malformed('the document ends early', this.#read)
    if (buffer.length - at > tokenLimit) throw new TooLarge('a tag is too large')
    this.#rest = buffer.subarray(at)
  }

  /** Reads tokens while they are whole; returns where the first that is not begins. */
  #scan(final: boolean): number {
    const buffer = this.#buffer
    const end = buffer.length
    let at = 0
    if (this.#phase === Phase.start) {
      at = skipDeclaration(buffer, end, final)
      if (at < 0) return 0
      this.#phase = Phase.prolog
    }
    while (at < end) {
      const next = this.#inCdata ? this.#cdata(at) : buffer[at] === lessThan ? this.#markup(at) : this.#text(at, final)
      if (next < 0) return at
      if (next === at) return at
      at = next
    }
    return at
  }

  #text(at: number, final: boolean): number {
    const { text } = this
    if (this.#phase === Phase.content) return text.read(this.#buffer, at, this.#buffer.length, final)
    while (at < this.#buffer.length && spaceByte[this.#buffer[at]!] === 1) at++
    if (at < this.#buffer.length && this.#buffer[at] !== lessThan) {
      throw new Malformed('text outside of the root element', at)
    }
    return at
  }

  #cdata(at: number): number {
    const next = this.text.readCdata(this.#buffer, at, this.#buffer.length)
    if (this.text.cdataEnded) {
      this.#inCdata = false
      this.#handler.cdata(false)
    }
    return next
  }

  /** What begins with `<` at `at`: the index behind it, or -1 where its end is not there yet. */
  #markup(at: number): number {
    const buffer = this.#buffer
    switch (buffer[at + 1]) {
      case undefined:
        return -1
      case slash:
        return this.#endTag(at)
      case 0x3f:
        return skipInstruction(buffer, at, buffer.length)
      case 0x21:
        return this.#declaration(at)
      default:
        return this.#startTag(at)
    }
  }

  #declaration(at: number): number {
    const buffer = this.#buffer
    switch (declarationKind(buffer, at)) {
      case 'comment':
        return skipComment(buffer, at, buffer.length)
      case 'cdata':
        if (this.#phase !== Phase.content) throw new Malformed('text outside of the root element', at)
        this.#inCdata = true
        this.#handler.cdata(true)
        return at + cdataLength
      case 'unknown':
        return -1
      default:
        throw new Malformed('a document type declaration or other declaration', at)
    }
  }

  #startTag(at: number): number {
    const buffer = this.#buffer
    const end = buffer.length
    const { attributes } = this
    if (this.#phase === Phase.epilog) throw new Malformed('more than one root element', at)
    const name = this.#name(at + 1)
    if (name === undefined) return -1
    let next = at + 1 + name.bytes.length
    if (attributes.count > 0) attributes.clear()
    let empty = false
    if (buffer[next] !== greaterThan) {
      next = readAttributes(buffer, next, this.#names, attributes)
      if (next < 0) return -1
      empty = buffer[next] === slash
      if (empty) {
        if (++next === end) return -1
        if (buffer[next] !== greaterThan) throw new Malformed('/ in a tag', next)
      }
    }
    this.#token = at
    this.#next = next + 1
    this.#opened(name)
    if (empty) this.#closed()
    return next + 1
  }

  /** The name of a start tag; undefined where it may go on. What followed the last element before is tried first. */
  #name(from: number): Name | undefined {
    const buffer = this.#buffer
    const end = buffer.length
    const expected = this.#previous?.following
    if (expected !== undefined) {
      const { bytes } = expected
      const { length } = bytes
      let i = 0
      if (from + length < end) while (i < length && bytes[i] === buffer[from + i]) i++
      if (i === length && nameByte[buffer[from + length]!] === 0) {
        this.#previous = expected
        return expected
      }
    }
    let at = from
    let hash = 0
    while (at < end && nameByte[buffer[at]!] === 1) hash = (Math.imul(hash, 31) + buffer[at++]!) | 0
    if (at === end) return undefined
    const name = this.#names.get(buffer, from, at, hash)
    if (this.#previous !== undefined) this.#previous.following = name
    this.#previous = name
    return name
  }

  #opened(name: Name): void {
    const { attributes, namespaces } = this
    const depth = ++this.depth
    if (depth > this.#limits.depth) throw new TooLarge('elements are nested too deeply')
    if (attributes.count > 0) {
      if (attributes.declares) {
        for (let i = 0; i < attributes.count; i++) {
          if (attributes.isDeclaration(i)) namespaces.declare(depth, attributes.name(i), attributes.declared(i))
        }
      }
      attributes.resolve(namespaces)
    }
    const uri = name.prefix === '' ? namespaces.default : namespaces.resolve(name)
    this.#open[depth] = name
    this.#uris[depth] = uri
    if (depth === 1) this.#phase = Phase.content
    this.#handler.open(name, uri, this.#uris[depth - 1]!)
  }

  #endTag(at: number): number {
    const buffer = this.#buffer
    const end = buffer.length
    if (this.depth === 0) throw new Malformed('an end tag without an element', at)
    const { bytes } = this.#open[this.depth]!
    const { length } = bytes
    let next = at + 2
    const there = next + length < end ? length : end - next
    let i = 0
    while (i < there && bytes[i] === buffer[next + i]) i++
    if (i < there) throw new Malformed('an end tag of another element', at)
    next += length
    if (next >= end) return -1
    if (buffer[next] !== greaterThan) {
      while (next < end && spaceByte[buffer[next]!] === 1) next++
      if (next === end) return -1
      if (buffer[next] !== greaterThan) throw new Malformed('an end tag of another element', at)
    }
    this.#token = at
    this.#next = next + 1
    this.#closed()
    return next + 1
  }

  #closed(): void {
    this.#handler.close()
    if (this.namespaces.innermost === this.depth) this.namespaces.leave()
    if (--this.depth === 0) this.#phase = Phase.epilog
  }
}
