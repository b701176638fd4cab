import type { Plugin } from 'esbuild'

/** A name the runtime imports that is not listed here fails the build, so nothing can be missing at run time. */
const parts = `
export { default as Client } from 'undici/lib/dispatcher/client.js'
export { default as buildConnector } from 'undici/lib/core/connect.js'
`

/** Where HTTP/2 to upstreams is off (`allowH2: false`): node:http2 brings node:tls with it. */
const withoutHttp2 = `module.exports = () => { throw new Error('HTTP/2 is not part of this service') }`

/**
 * undici's own door loads fetch, WebSocket, caches and mocks, half the time a small service takes to start: what is
 * deployed holds the parts that the runtime uses.
 *
 * @param speaksHttp2 whether some upstream is to be asked in HTTP/2
 * @param reached runs when the innermost part has been asked for, the deepest point of a service's graph of imports
 */
export const partsOfUndici = (speaksHttp2: () => boolean, reached: () => void): Plugin => ({
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
    build.onLoad({ filter: /[\\/]undici[\\/]lib[\\/]dispatcher[\\/]client-h2\.js$/ }, () => {
      reached()
      return speaksHttp2() ? undefined : { contents: withoutHttp2 }
    })
  },
})
