import { expect, it } from 'vitest'
import type { Operation } from '../core/operation.ts'
import { matchOf, targetOf } from './known-target.ts'
import { router } from './router.ts'

const operation = (id: string): Operation => ({
  id,
  method: 'GET',
  path: '/x',
  bodyLimit: 1,
  handle: () => null as never,
})
const routes = router({
  '/x': { GET: operation('getX'), POST: operation('postX') },
  '/x/{id}': { GET: operation('getOne') },
})
const find = (method: string, url: string): string => {
  const target = targetOf(routes, url)
  const match = matchOf(routes, target, method)
  return match.kind === 'operation' ? `${match.operation.id} ${match.pathValues.join()} ${target.query}` : match.kind
}

it('finds the same again, whatever was asked for before', () => {
  for (let round = 0; round < 3; round++) {
    expect(find('GET', '/x?a=1')).toBe('getX  a=1')
    expect(find('POST', '/x?a=1')).toBe('postX  a=1')
    expect(find('PUT', '/x?a=1')).toBe('unknown-method')
    expect(find('GET', '/x/7')).toBe('getOne 7 ')
    expect(find('GET', '/x/8?a=1')).toBe('getOne 8 a=1')
    expect(find('GET', '/y')).toBe('unknown-path')
    expect(() => targetOf(routes, '/x/../y')).toThrow()
  }
})

it('knows the same target anew after many others', () => {
  for (let i = 0; i < 10_000; i++) expect(find('GET', `/x/${i}`)).toBe(`getOne ${i} `)
  for (let i = 0; i < 3; i++) expect(find('GET', '/x/7')).toBe('getOne 7 ')
})
