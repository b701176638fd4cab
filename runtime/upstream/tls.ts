import type { ConnectionOptions } from 'node:tls'
import { type Notice, printNotice } from '../core/notice.ts'
import { certificatesIn, checkPair } from '../tls/check-pem.ts'
import { PemFiles } from '../tls/pem-files.ts'

/** Files are PEM, absolute or relative to the service's folder; a value that begins with `-----BEGIN` is the PEM text itself. */
export interface UpstreamTlsOptions {
  /** Authorities, instead of those that Node knows. */
  readonly ca?: string
  /** What the service shows the upstream of itself, with its chain. */
  readonly cert?: string
  readonly key?: string
  /** The name in the upstream's certificate, where it is not that of its address; also what SNI asks for. */
  readonly serverName?: string
  /** False: nobody checks who answers. It is said at every start. */
  readonly verify?: boolean
  readonly minVersion?: '1.2' | '1.3'
  /** Told of every reload, and of files that could not be used. */
  readonly notice?: (notice: Notice) => void
}

/** How the service meets an upstream over TLS. */
export interface UpstreamTls {
  /** @throws Error with a sentence a person can act on */
  start(upstream: string): void
  close(): void
  /** @param renew connections are to be made anew: what they were made with no longer counts */
  onChange(renew: () => void): void
  /** For a connection made now; the same object for as long as the files are the same. */
  options(): ConnectionOptions
}

export function upstreamTls(options: UpstreamTlsOptions): UpstreamTls {
  const { ca, cert, key, serverName, verify = true, minVersion = '1.2', notice = printNotice } = options
  const files = new PemFiles({ ca, cert, key })
  let current: ConnectionOptions = {}
  let renew = (): void => {}

  const load = (): void => {
    const texts = files.read()
    if (texts.cert !== undefined && texts.key !== undefined) {
      const names = { cert: files.describe('cert'), key: files.describe('key') }
      checkPair({ cert: texts.cert, key: texts.key }, names, Date.now())
    }
    if (texts.ca !== undefined) certificatesIn(texts.ca, files.describe('ca'))
    const version = minVersion === '1.3' ? 'TLSv1.3' : 'TLSv1.2'
    const named = serverName === undefined ? {} : { servername: serverName }
    current = { ...texts, ...named, minVersion: version, rejectUnauthorized: verify }
  }

  return {
    start(upstream) {
      if ((cert ?? '') === '' ? (key ?? '') !== '' : (key ?? '') === '') {
        throw new Error('its client certificate and key must be given together')
      }
      load()
      if (!verify) notice({ level: 'error', message: `nobody checks who answers for ${upstream} (tls.verify: false)` })
      files.watch(() => {
        try {
          load()
          renew()
          notice({ level: 'info', message: `the TLS files of ${upstream} were read again` })
        } catch (error) {
          const reason = (error as Error).message
          notice({ level: 'error', message: `the TLS files of ${upstream} cannot be used and were ignored: ${reason}` })
        }
      })
    },
    close: () => files.close(),
    onChange(listener) {
      renew = listener
    },
    options: () => current,
  }
}
