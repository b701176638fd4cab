/// <reference path="./llhttp-wasm.d.ts" />
import wasm from 'undici/lib/llhttp/llhttp_simd-wasm.js'

/** What the parser finds, counted from the first byte it was given. Called while it runs: note it and return. */
export interface Findings {
  onName(at: number, length: number): void
  onValue(at: number, length: number): void
  onHead(status: number, isUpgrade: boolean, keepsAlive: boolean): void
  onBody(at: number, length: number): void
  onEnd(): void
}

/** As much of it as is used here: neither Node's types nor those of the language have it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: object }
}

/** What this module needs of llhttp (https://github.com/nodejs/llhttp), compiled to WebAssembly. */
interface Llhttp {
  readonly memory: { readonly buffer: ArrayBuffer }
  malloc(size: number): number
  llhttp_alloc(type: number): number
  llhttp_free(parser: number): void
  llhttp_reset(parser: number): void
  llhttp_resume(parser: number): void
  llhttp_execute(parser: number, address: number, length: number): number
  llhttp_get_error_pos(parser: number): number
  llhttp_get_error_reason(parser: number): number
  llhttp_message_needs_eof(parser: number): number
}

/** `llhttp_type_t` and `llhttp_errno_t`. */
const responses = 2
const ok = 0
const paused = 21

/** Bytes that can be looked at in one go. */
export const inputSize = 64 * 1024

/** Loaded when the first connection is made. One for all: it runs to its end whenever it is called. */
let llhttp: Llhttp | undefined
let input = 0
/** Where the bytes to be looked at are put; made anew when the memory has grown. */
let view = new Uint8Array(0)
/** Whose bytes it looks at. */
let current: Findings

function load(): Llhttp {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm), {
    env: {
      wasm_on_url: () => ok,
      wasm_on_status: () => ok,
      wasm_on_message_begin: () => ok,
      wasm_on_header_field: (_parser: number, address: number, length: number) => {
        current.onName(address - input, length)
        return ok
      },
      wasm_on_header_value: (_parser: number, address: number, length: number) => {
        current.onValue(address - input, length)
        return ok
      },
      // At the end of a head and of a message it stops, so that nothing happens while it runs.
      wasm_on_headers_complete: (_parser: number, status: number, isUpgrade: number, keepsAlive: number) => {
        current.onHead(status, isUpgrade === 1, keepsAlive === 1)
        return paused
      },
      wasm_on_body: (_parser: number, address: number, length: number) => {
        current.onBody(address - input, length)
        return ok
      },
      wasm_on_message_complete: () => {
        current.onEnd()
        return paused
      },
    },
  })
  const loaded = exports as unknown as Llhttp
  input = loaded.malloc(inputSize)
  return loaded
}

/** llhttp for the answers of one connection. */
export class ResponseParser {
  readonly #llhttp: Llhttp
  #parser: number
  #findings: Findings
  #isPaused = false

  constructor(findings: Findings) {
    this.#llhttp = llhttp ??= load()
    this.#parser = this.#llhttp.llhttp_alloc(responses)
    this.#findings = findings
  }

  /** The next byte is the first of an answer. */
  reset(): void {
    this.#llhttp.llhttp_reset(this.#parser)
    this.#isPaused = false
  }

  /**
   * Looks at bytes until a head or a message ends, or they do.
   * @param to at most {@link inputSize} behind `from`
   * @returns the index behind the last byte that was looked at
   * @throws Error in the parser's own words: the bytes are no answer
   */
  execute(bytes: Buffer, from: number, to: number): number {
    const { memory, llhttp_execute, llhttp_resume, llhttp_get_error_pos } = this.#llhttp
    if (view.buffer !== memory.buffer) view = new Uint8Array(memory.buffer, input, inputSize)
    bytes.copy(view, 0, from, to)
    if (this.#isPaused) {
      llhttp_resume(this.#parser)
      this.#isPaused = false
    }
    current = this.#findings
    const result = llhttp_execute(this.#parser, input, to - from)
    if (result === ok) return to
    if (result !== paused) throw new Error(this.#reason())
    this.#isPaused = true
    return from + llhttp_get_error_pos(this.#parser) - input
  }

  /** Whether the body goes on until the connection ends (RFC 9112 §6.3). */
  get endsWithConnection(): boolean {
    return this.#llhttp.llhttp_message_needs_eof(this.#parser) === 1
  }

  /** Its memory is not the collector's. May be called again. */
  free(): void {
    if (this.#parser === 0) return
    this.#llhttp.llhttp_free(this.#parser)
    this.#parser = 0
  }

  #reason(): string {
    const { memory, llhttp_get_error_reason } = this.#llhttp
    const text = Buffer.from(memory.buffer, llhttp_get_error_reason(this.#parser))
    return text.toString('latin1', 0, text.indexOf(0))
  }
}
