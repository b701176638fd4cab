import type { Fields } from '../../core/headers.ts'
import type { SoapOptions } from './options.ts'

const envelopes = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
} as const

export function envelope(content: string, { version }: SoapOptions): string {
  return `<soap:Envelope xmlns:soap="${envelopes[version]}"><soap:Body>${content}</soap:Body></soap:Envelope>`
}

/**
 * SOAP 1.1 §6.1: text/xml, and `SOAPAction` even where it says nothing. SOAP 1.2 part 2 §7.1.4 and RFC 3902:
 * application/soap+xml, the action a parameter of it.
 */
export function soapFields({ version, action = '' }: SoapOptions): Fields {
  const quoted = `"${action.replace(/["\\]/g, '\\$&')}"`
  if (version === '1.1') return ['Content-Type', 'text/xml; charset=utf-8', 'SOAPAction', quoted]
  return ['Content-Type', `application/soap+xml; charset=utf-8${action === '' ? '' : `; action=${quoted}`}`]
}
