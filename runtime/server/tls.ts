import { createSecureContext } from 'node:tls'
import { type Notice, printNotice } from '../core/notice.ts'
import type { Resource } from '../core/resource.ts'
import { certificatesIn, checkPair } from '../tls/check-pem.ts'
import { PemFiles } from '../tls/pem-files.ts'
import type { ClientListener, SecureTransport } from './client-listener.ts'
import { SecureServer } from './secure-server.ts'
import { type ContextFiles, contextOptions, TlsNumbers } from './tls-context.ts'

/** Files are PEM, absolute or relative to the service's folder; a value that begins with `-----BEGIN` is the PEM text itself. */
export interface TlsOptions {
  /** The certificate, followed by those between it and its root. */
  readonly cert: string
  readonly key: string
  /** Authorities of client certificates. */
  readonly clientCa?: readonly string[]
  /** Whether clients are asked for a certificate, and whether one without a trusted certificate gets any further. */
  readonly clientAuth?: 'none' | 'request' | 'require'
  readonly minVersion?: '1.2' | '1.3'
  /** Told of every reload, and of files that could not be used. */
  readonly notice?: (notice: Notice) => void
}

/** HTTPS for clients: HTTP/2 and HTTP/1.1. Certificates are taken over when their files change, without a restart. */
export function tls(options: TlsOptions): SecureTransport {
  const { cert, key, clientCa = [], clientAuth = 'none', minVersion = '1.2', notice = printNotice } = options
  const authorities = Object.fromEntries(clientCa.map((file, i) => [`clientCa${i}`, file]))
  const files = new PemFiles<string>({ cert, key, ...authorities })
  const asksClients = clientAuth !== 'none'
  const numbers = new TlsNumbers()
  let context = {}
  let listener: (ClientListener & Pick<SecureServer, 'server'>) | undefined

  const load = (): void => {
    const texts = files.read()
    const pem = { cert: texts['cert']!, key: texts['key']! }
    const leaf = checkPair(pem, { cert: files.describe('cert'), key: files.describe('key') }, Date.now())
    const ca = Object.keys(authorities).map((name) => texts[name]!)
    for (const [i, text] of ca.entries()) certificatesIn(text, files.describe(`clientCa${i}`))
    const next = contextOptions({ ...pem, ca } satisfies ContextFiles, minVersion, asksClients)
    // What OpenSSL itself refuses (too short a key, an unknown curve) is found before anything is changed.
    createSecureContext(next)
    context = next
    numbers.shows(leaf)
  }
  const reload = (): void => {
    try {
      load()
      listener?.server.setSecureContext(context)
      numbers.reloaded('done')
      notice({ level: 'info', message: 'the TLS certificate was read again' })
    } catch (error) {
      numbers.reloaded('failed')
      const reason = (error as Error).message
      notice({
        level: 'error',
        message: `the TLS files cannot be used and were ignored, the certificate stays: ${reason}`,
      })
    }
  }

  return {
    name: 'server.tls',
    start() {
      load()
      files.watch(reload)
    },
    open(reception, patience) {
      const handshake = { ...context, requestCert: asksClients, rejectUnauthorized: clientAuth === 'require' }
      listener = new SecureServer(reception, patience, handshake, numbers)
      return listener
    },
    close: () => files.close(),
    measures: () => numbers.measures(),
  } satisfies SecureTransport & Resource
}
