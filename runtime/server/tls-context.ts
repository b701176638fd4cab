import { constants, type X509Certificate } from 'node:crypto'
import type { SecureContextOptions, TLSSocket, TlsOptions } from 'node:tls'
import type { Measure } from '../core/resource.ts'

/**
 * TLS 1.2 suites with forward secrecy and authenticated encryption only (Mozilla's "intermediate" without finite-field DH); those of
 * TLS 1.3 stand before them. All of them are good for HTTP/2 (RFC 9113 §9.2.2).
 */
const ciphers = [
  ...['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
  ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ...['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ...['ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'],
].join(':')

/** SSL_OP_NO_RENEGOTIATION of OpenSSL, which Node does not name. */
const noRenegotiation = 0x4000_0000

/** How clients are met: the part of the options that stays as it is when certificates change. */
export type HandshakeOptions = Pick<TlsOptions, 'requestCert' | 'rejectUnauthorized'> & SecureContextOptions

export interface ContextFiles {
  readonly cert: string
  readonly key: string
  readonly ca: readonly string[]
}

/** @param asksClients whether clients are asked for certificates */
export function contextOptions(
  { cert, key, ca }: ContextFiles,
  minVersion: '1.2' | '1.3',
  asksClients: boolean,
): SecureContextOptions {
  return {
    cert,
    key,
    // Without own authorities nobody's certificate is trusted: never those that the system knows for servers.
    ...(asksClients ? { ca: [...ca] } : {}),
    minVersion: minVersion === '1.3' ? 'TLSv1.3' : 'TLSv1.2',
    ciphers,
    honorCipherOrder: true,
    // A session taken up again would bring back who the client was, without the chain, and past the end of its authority.
    secureOptions: noRenegotiation | (asksClients ? constants.SSL_OP_NO_TICKET : 0),
  }
}

/** What a TLS listener can be counted by. */
export class TlsNumbers {
  #certificate: X509Certificate | undefined
  readonly #failures = new Map<string, number>()
  readonly #connections = new Map<string, number>()
  readonly #reloads = { done: 0, failed: 0 }

  shows(certificate: X509Certificate): void {
    this.#certificate = certificate
  }

  failed(reason: string): void {
    this.#failures.set(reason, (this.#failures.get(reason) ?? 0) + 1)
  }

  connected(socket: TLSSocket): void {
    const name = `${socket.getProtocol() ?? ''} ${socket.alpnProtocol || 'http/1.1'}`
    this.#connections.set(name, (this.#connections.get(name) ?? 0) + 1)
  }

  reloaded(outcome: 'done' | 'failed'): void {
    this.#reloads[outcome]++
  }

  measures(): readonly Measure[] {
    const end = this.#certificate?.validToDate.getTime() ?? 0
    return [
      {
        name: 'tls_certificate_expiry_timestamp_seconds',
        type: 'gauge',
        overProcesses: 'min',
        help: 'When the certificate that clients are shown ends, in seconds since the epoch.',
        values: [{ labels: {}, value: Math.floor(end / 1000) }],
      },
      {
        name: 'tls_certificate_reloads_total',
        type: 'counter',
        help: 'Changed certificate files: taken over, or found unusable and left alone.',
        values: Object.entries(this.#reloads).map(([outcome, value]) => ({ labels: { outcome }, value })),
      },
      {
        name: 'tls_handshake_failures_total',
        type: 'counter',
        help: 'Handshakes that failed, by reason.',
        values: [...this.#failures].map(([reason, value]) => ({ labels: { reason }, value })),
      },
      {
        name: 'tls_connections_total',
        type: 'counter',
        help: 'Handshakes that succeeded, by TLS version and application protocol.',
        values: [...this.#connections].map(([name, value]) => {
          const [version = '', protocol = ''] = name.split(' ')
          return { labels: { version, protocol }, value }
        }),
      },
    ]
  }
}
