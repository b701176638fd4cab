import { expect, it } from 'vitest'
import { keyAccess } from '../../identity/credential.ts'
import { withholdKey } from './withhold.ts'

const pair = 'api_key=k%2B1'
const left = (place: 'query' | 'cookie', ...headers: string[]): string[] => {
  const answer = { status: 302, headers, body: null }
  const name = place === 'query' ? 'api_key' : 'session'
  withholdKey({ in: place, name }, keyAccess({ in: place, name }), pair)!(answer)
  return answer.headers
}

it.each([
  ['Location', '/next/?api_key=k%2B1', '/next/'],
  ['location', 'https://a.example/x?a=1&api%5Fkey=k%2b1&b=2#c', 'https://a.example/x?a=1&b=2#c'],
  ['Content-Location', '/x?api_key=k%2B1&api_key=2', '/x'],
  ['Location', '/x?a=1&my_api_key=2#?api_key=k', '/x?a=1&my_api_key=2#?api_key=k'],
  [
    'Link',
    '</x?api_key=k%2B1&page=2>; rel=next, </x?page=9&api_key=k%2B1>; rel=last',
    '</x?page=2>; rel=next, </x?page=9>; rel=last',
  ],
  ['Refresh', '5; url=/x?api_key=k%2B1', '5; url=/x'],
  ['Set-Cookie', 'api_key=other', 'api_key=other'],
])('%s: %s', (name, told, expected) => {
  expect(left('query', 'A', 'b', name, told)).toEqual(['A', 'b', name, expected])
})

it('keeps a cookie of the service from its callers', () => {
  const others = ['set-cookie', 'sessions=2', 'Location', '/?session=1']
  expect(left('cookie', 'Set-Cookie', 'session=1; Path=/', ...others, 'SET-COOKIE', ' session =2')).toEqual(others)
})

it('does nothing where no upstream gives a key back', () => {
  expect(withholdKey({ in: 'header', name: 'k' }, keyAccess({ in: 'header', name: 'k' }), pair)).toBeUndefined()
})
