import { expect, it } from 'vitest'
import { apiKey } from './api-key.ts'
import { basic, bearer } from './authorization.ts'

it.each<[string, { readonly fault: string | undefined }, RegExp | undefined]>([
  ['a token', bearer({ token: 'a.b-c_d~e+f/g==' }), undefined],
  ['no token', bearer({ token: '' }), /empty/],
  ['a token with a line', bearer({ token: 'a\nb' }), /characters/],
  ['a password with a colon', basic({ username: 'a', password: 'b:c' }), undefined],
  ['a user with a colon', basic({ username: 'a:b', password: 'c' }), /colon/],
  ['nobody', basic({ username: '', password: '' }), /empty/],
  ['a password with a line', basic({ username: 'a', password: 'b\n' }), /control/],
  ['a key', apiKey({ in: 'header', name: 'k', value: 'a b' }), undefined],
  ['no key', apiKey({ in: 'query', name: 'k', value: '' }), /empty/],
  ['a key with a line', apiKey({ in: 'header', name: 'k', value: 'a\r\nb' }), /no header/],
  ['a key in a cookie', apiKey({ in: 'cookie', name: 'k', value: 'a; b=c' }), /no cookie/],
  ['any key in a query', apiKey({ in: 'query', name: 'k', value: 'a\r\n&b' }), undefined],
])('%s', (_, { fault }, expected) => {
  if (expected === undefined) expect(fault).toBeUndefined()
  else expect(fault).toMatch(expected)
})
