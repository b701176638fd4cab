import type { X509Certificate } from 'node:crypto'
import type { Resource } from '../core/resource.ts'
import { certificatesIn } from './check-pem.ts'
import { PemFiles } from './pem-files.ts'

/** Authorities whose certificates count. */
export interface Authorities {
  /** The same array for as long as the file stays as it is. */
  readonly certificates: readonly X509Certificate[]
}

export interface AuthoritiesOptions {
  /** A PEM file, absolute or relative to the service's folder, or the PEM text itself. */
  readonly file: string
}

/** The certificates of a PEM file, read again when it changes. A file that cannot be used changes nothing. */
export function authorities({ file }: AuthoritiesOptions): Resource & Authorities {
  const files = new PemFiles({ ca: file })
  let certificates: readonly X509Certificate[] = []
  const load = (): void => {
    certificates = certificatesIn(files.read().ca!, files.describe('ca'))
  }
  return {
    name: 'client authorities',
    get certificates() {
      return certificates
    },
    start() {
      load()
      files.watch(() => {
        try {
          load()
        } catch {
          // The listener reads the same file, and says what is wrong with it.
        }
      })
    },
    close: () => files.close(),
  }
}
