import { expect, it } from 'vitest'
import { exchangeOf } from '../../test/support/exchange-of.ts'
import type { ClientCertificate } from '../core/client-certificate.ts'
import { bindingOf, meetsBinding } from './token-binding.ts'

const thumbprint = 'A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0'
const holding = (held: string | undefined) => {
  const exchange = exchangeOf({})
  if (held !== undefined) exchange.certificate = { thumbprint: held } as ClientCertificate
  return exchange
}

it.each<[unknown, string | undefined, boolean]>([
  [undefined, undefined, true],
  [{ 'x5t#S256': thumbprint }, thumbprint, true],
  [{ 'x5t#S256': thumbprint }, undefined, false],
  [{ 'x5t#S256': thumbprint }, thumbprint.replace('A4', 'B4'), false],
  [{ 'x5t#S256': thumbprint, jkt: 'x' }, thumbprint, false],
  [{ 'x5t#S256': [thumbprint] }, thumbprint, false],
  [{ 'x5t#S256': '' }, '', false],
  [{ jkt: 'x' }, thumbprint, false],
  [{}, thumbprint, false],
  [null, thumbprint, false],
  ['x5t#S256', thumbprint, false],
])('cnf %j, presented with %s', (cnf, held, isMet) => {
  const claims = cnf === undefined ? {} : { cnf }
  expect(meetsBinding(bindingOf(claims), holding(held))).toBe(isMet)
})
