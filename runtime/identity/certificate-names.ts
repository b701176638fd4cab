/** The ways a consumers file may name a certificate. */
export const certificateNames = ['dns', 'uri', 'email', 'subject', 'sha256'] as const
export type CertificateName = (typeof certificateNames)[number]

/** What a name is looked up by: one text for all that mean the same. Undefined where it cannot be one of its kind. */
export function certificateKey(kind: CertificateName, value: string): string | undefined {
  switch (kind) {
    case 'dns':
      // RFC 4343: case says nothing in names of hosts.
      return /^[\x21-\x7e]+$/.test(value) ? `dns:${value.toLowerCase()}` : undefined
    case 'uri':
      return /^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]+$/.test(value) ? `uri:${value}` : undefined
    case 'email':
      return /^[^@\s]+@[^@\s]+$/.test(value) ? `email:${value}` : undefined
    case 'subject':
      return value === '' ? undefined : `subject:${value}`
    case 'sha256': {
      const digits = value.replaceAll(':', '').toLowerCase()
      return /^[0-9a-f]{64}$/.test(digits) ? `sha256:${digits}` : undefined
    }
  }
}
