import { createRequire } from 'node:module'
import type { Plugin } from 'esbuild'

/** A name the runtime imports that is not listed here fails the build, so nothing can be missing at run time. */
const parts = `
export { default as Client } from 'undici/lib/dispatcher/client.js'
export { default as buildConnector } from 'undici/lib/core/connect.js'
`

/**
 * undici's own door loads fetch, WebSocket, caches and mocks, half the time a small service takes to start: what is
 * deployed holds the parts that the runtime uses. Its client is among them only where some upstream is to be asked in HTTP/2;
 * its parser, which is WebAssembly, becomes bytes.
 *
 * @param reached runs when the parser has been asked for, the deepest point of a service's graph of imports
 */
export const partsOfUndici = (reached: () => void): Plugin => ({
  name: 'parts-of-undici',
  setup(build) {
    build.onResolve({ filter: /^undici$/ }, ({ resolveDir }) => ({
      path: 'undici',
      namespace: 'parts',
      pluginData: resolveDir,
    }))
    build.onLoad({ filter: /.*/, namespace: 'parts' }, ({ pluginData }) => ({
      contents: parts,
      resolveDir: pluginData,
    }))
    build.onLoad({ filter: /[\\/]undici[\\/]lib[\\/]llhttp[\\/]llhttp_simd-wasm\.js$/ }, ({ path }) => {
      reached()
      return { contents: createRequire(path)(path) as Uint8Array, loader: 'binary' }
    })
  },
})
