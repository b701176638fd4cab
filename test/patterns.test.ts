import { expect, test } from 'vitest'
import { loadValidators } from '../generator/4-emit/validators.test-support.ts'
import { automatonOf } from '../generator/model/pattern/automaton.ts'
import { engineOf } from '../generator/model/pattern/engine.ts'
import { readPattern } from '../generator/model/pattern/syntax.ts'
import { AutomatonRunner } from '../runtime/validation/automaton.ts'
import { boundedPattern } from '../runtime/validation/bounded-pattern.ts'
import { linearPattern } from '../runtime/validation/linear-pattern.ts'

test('an automaton judges texts as RegExp does', () => {
  const random = randomNumbers(7)
  const pick = (from: readonly string[]): string => from[random(from.length)]!
  const sets = [
    'a',
    'b',
    '.',
    '\\w',
    '\\s',
    '[^a]',
    '[ab]',
    '\\W',
    '😀',
    '[^\\s]',
    '\\d',
    '[😀-😂b]',
    '\\u{e9}',
    '[\\w-]',
  ]
  const alternatives = (depth: number): string => {
    const terms = Array.from({ length: 1 + random(4) }, () => {
      if (random(6) === 0) return pick(['^', '$', '\\b', '\\B'])
      const nest = depth > 0 && random(3) === 0
      const atom = nest ? `(${pick(['', '?:'])}${alternatives(depth - 1)})` : pick(sets)
      return atom + pick(['', '', '', '*', '+', '?', '{2}', '{1,3}', '{2,}', '*?'])
    })
    return terms.join('') + (random(4) === 0 ? `|${alternatives(Math.max(0, depth - 1))}` : '')
  }
  let judged = 0
  for (let i = 0; i < 3000; i++) {
    const flags = random(3) === 0 ? '' : 'u'
    const pattern = flags === 'u' ? alternatives(2) : alternatives(2).replaceAll('\\u{e9}', 'é')
    const { automaton, regExp } = bothOf(pattern, flags)
    if (automaton === undefined || regExp === undefined) continue
    const runner = new AutomatonRunner(automaton, flags === 'u')
    for (let k = 0; k < 10; k++) {
      const letters = ['a', 'b', ' ', 'é', '1', '\n', '😀', '\ud83d', '\ude00', '_', '-']
      const text = Array.from({ length: random(9) }, () => pick(letters)).join('')
      expect([pattern, flags, text, runner.test(text)]).toEqual([pattern, flags, text, regExp.test(text)])
      judged++
    }
  }
  expect(judged).toBeGreaterThan(10_000)
})

function bothOf(pattern: string, flags: 'u' | '') {
  try {
    const regExp = new RegExp(pattern, flags)
    const { syntax, irregular } = readPattern(pattern, flags)
    return irregular ? {} : { automaton: automatonOf(syntax), regExp }
  } catch {
    return {}
  }
}

/** A linear congruential generator: the same patterns each time. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff
    return (state >> 8) % below
  }
}

// No time is asserted: a backtracking engine would need minutes to years, and the runner's limit ends the test.
test.each([
  '\\s+$',
  '^.*a.*b.*$',
  '^(\\w+\\s?)+$',
  '^(\\w+\\s?){1,30}$',
  '^(a?){50}$',
  '^(a*)*b',
  '(a|b)*a(a|b){12}c',
  '^[^@]+@[^@]+\\.[^@]+$',
  '[a-z0-9]+@[a-z0-9]+\\.com',
  '^\\p{L}*a\\p{L}*1$',
  '^(?=.*a.*b)c',
  '(?<=a*)b',
  '(a*)\\1b',
  '[a-z]{1,300}!!',
])('no text of a mebibyte keeps %s busy', (pattern) => {
  const engine = engineOf(pattern)
  const runner =
    engine.kind === 'automaton'
      ? linearPattern(pattern, 'u', engine.upTo, engine.automaton)
      : boundedPattern(pattern, 'u', engine.kind === 'bounded' ? engine.upTo : Number.NaN)
  for (const part of ['a', ' ', 'ab', 'a@a.', '\u{10400}', '\ud800']) {
    const text = part.repeat((1 << 20) / part.length)
    expect(typeof runner.test(`${text}\n?`)).toBe('boolean')
    // As many texts as fit, each of the length that the backtracking engine still gets.
    if (!('upTo' in engine) || engine.upTo === 0) continue
    const short = `${text.slice(0, engine.upTo - 2)}\n?`
    for (let i = 0; i < (1 << 16) / engine.upTo; i++) runner.test(short)
  }
})

test('compiled validators take patterns wherever a schema has them, and long texts', async () => {
  const schema = {
    properties: { a: { pattern: '\\s+$' }, b: { pattern: '^(\\w+\\s?)+$' }, c: { pattern: '(?=.*a)b' } },
    patternProperties: { '^.*x.*y.*z$': { type: 'integer' } },
    propertyNames: { pattern: '^(\\w+-?)+$' },
  }
  const plan = { components: {}, validators: [{ name: 'judge', schema, direction: 'request' as const }] }
  const judge = (await loadValidators(plan))['judge']!
  const long = 1 << 20
  expect(judge({ a: 'a ', b: 'a b', c: 'ba', xyz: 1 })).toBe(true)
  expect(judge({ a: `${' '.repeat(long)}x` })).toBe(false)
  expect(judge({ a: `x${' '.repeat(long)}` })).toBe(true)
  expect(judge({ b: `${'a'.repeat(long)}!` })).toBe(false)
  expect(judge({ c: 'a'.repeat(long) })).toBe(false)
  expect(judge({ [`${'x'.repeat(long)}!`]: 1 })).toBe(false)
  expect(judge({ [`${'xy'.repeat(long / 2)}z`]: 'no integer' })).toBe(false)
  expect(judge({ [`${'xy'.repeat(long / 2)}z`]: 1 })).toBe(true)
})
