import { expect, test } from 'vitest'
import { tidy } from './validators-tidy.ts'

const lines = (...text: string[]): string => `${text.join('\n')}\n`

test('constants nobody reads go, with the verdicts nobody reads', () => {
  const code = lines('const _errs0 = errors;', 'f();', 'var valid0 = _errs0 === errors;', 'const _errs1 = errors;')
  expect(tidy(code)).toBe(lines('f();'))
})

test('what is read stays', () => {
  const code = lines('const _errs0 = errors;', 'f();', 'var valid0 = _errs0 === errors;', 'if(valid0){', 'g();', '}')
  expect(tidy(code)).toBe(code)
  const loop = lines('const _errs1 = errors;', 'if(_errs1 === errors){', 'g();', '}')
  expect(tidy(loop)).toBe(loop)
})

test('a name inside a text keeps the constant and the text', () => {
  const code = lines('const _errs0 = errors;', 'f("_errs0");')
  expect(tidy(code)).toBe(code)
})

test('blocks without content go, unless the condition decides about an else', () => {
  expect(tidy(lines('if(a){', '}', 'f();', 'if(b){', 'g();', '}', 'else {', '}'))).toBe(
    lines('f();', 'if(b){', 'g();', '}'),
  )
  const code = lines('if(a){', '}', 'else {', 'f();', '}')
  expect(tidy(code)).toBe(code)
})
