import { expect, it } from 'vitest'
import type { Exchange } from '../../core/exchange.ts'
import { type ConcealOptions, conceal } from './conceal.ts'

function shown(options: ConcealOptions, pathValues: string[], query: string): [string, string] {
  const exchange = { operation: { id: 'a', method: 'GET', path: '/a/{x}/b.{y}' }, pathValues } as unknown as Exchange
  conceal(options)(() => ({ status: 200, headers: [], body: null }))(exchange)
  return [exchange.concealment!.path(exchange), exchange.concealment!.query(query)]
}

it('puts something else in the place of values, however their names are written', () => {
  const options: ConcealOptions = { path: { y: 'drop' }, query: { mail: 'mask', pin: 'drop', 'f[*]': 'mask' } }
  expect(shown(options, ['1', 'secret'], 'm%61il=a%40b&pin=1&page=2&f[a]=1&f%5Bb%5D=2&mail&f=3&')).toEqual([
    '/a/1/b.***',
    'm%61il=***&page=2&f[a]=***&f%5Bb%5D=***&mail&f=3&',
  ])
})

it('gives one digest to one value, by a key', () => {
  const options = (key: string): ConcealOptions => ({ query: { mail: 'hash' }, key })
  const [, one] = shown(options('k'), [], 'mail=a%40b')
  expect(one).toMatch(/^mail=[0-9a-f]{16}$/)
  expect(shown(options('k'), [], 'mail=a@b')[1]).toBe(one)
  expect(shown(options('other'), [], 'mail=a@b')[1]).not.toBe(one)
  expect(shown(options(''), [], 'mail=a@b')[1]).toBe(shown(options(''), [], 'mail=a@b')[1])
})

it('hides a query that is one value as a whole', () => {
  expect(shown({ query: { '[*]': 'mask' } }, [], '%7B%22pin%22%3A1%7D')[1]).toBe('***')
})
