declare module 'undici/lib/llhttp/llhttp_simd-wasm.js' {
  /** A WebAssembly module, which undici keeps as base64. */
  const bytes: Uint8Array<ArrayBuffer>
  export default bytes
}
