import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isObject, type Json } from '../model/json.ts'
import type { ValidatorPlan } from '../model/service-plan.ts'
import { loadValidators } from './validators.test-support.ts'

const suite = resolve(import.meta.dirname, '../../../shared/conformance/json-schema/suite/tests/draft2020-12')

interface Group {
  readonly description: string
  readonly schema: Json
  readonly tests: readonly { readonly description: string; readonly data: Json; readonly valid: boolean }[]
}

/** Vocabulary and reference forms that 1-read settles, or refuses, before schemas come here. */
const settledEarlier = /"\$(id|anchor|dynamicRef|dynamicAnchor|schema":"http:\/\/localhost)|"\$ref":"(?!#["/])/

/** References within a group's schema as 1-read leaves them: every target a component of its own. */
function asComponents(name: string, schema: Json, components: Record<string, Json>): Json {
  const prefix = '#/components/schemas/'
  const rewrite = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(rewrite)
    if (!isObject(value)) return value
    return Object.fromEntries(
      Object.entries(value as Record<string, Json>).map(([key, member]) => {
        if (key === 'enum' || key === 'const') return [key, member]
        if (key !== '$ref' || typeof member !== 'string' || !member.startsWith('#')) return [key, rewrite(member)]
        const target = `${name}${member}`
        if (components[target] === undefined) {
          components[target] = true
          components[target] = rewrite(pointedAt(schema, decodeURIComponent(member.slice(1))))
        }
        return [key, prefix + encodeURIComponent(target.replaceAll('~', '~0').replaceAll('/', '~1'))]
      }),
    )
  }
  return rewrite(schema)
}

function pointedAt(schema: Json, pointer: string): Json {
  let value: unknown = schema
  for (const token of pointer.split('/').slice(1)) {
    value = (value as Record<string, unknown>)[token.replaceAll('~1', '/').replaceAll('~0', '~')]
  }
  return value as Json
}

const files = existsSync(suite)
  ? [
      ...readdirSync(suite).filter((file) => file.endsWith('.json')),
      ...readdirSync(resolve(suite, 'optional/format')).map((file) => `optional/format/${file}`),
      ...['ecmascript-regex', 'non-bmp-regex', 'bignum', 'float-overflow'].map((name) => `optional/${name}.json`),
    ]
  : []

/** What is known to differ; the reasons are in docs/decisions/validation.md. */
const deviations = new Set([
  'optional/format/idn-hostname.json | Bidi domain name with a digit-first label is invalid',
  'optional/format/idn-hostname.json | A-label that decodes to a disallowed code point is invalid',
  ...[
    'with no additional items',
    'with invalid additional item',
    'contains passes, second item is not evaluated',
    '7 not evaluated, fails unevaluatedItems',
    "only b's are invalid",
    "only c's are invalid",
    "only b's and c's are invalid",
    "only a's and c's are invalid",
    'all items evaluated by contains',
    'invalid in case if is evaluated',
  ].map((description) => `unevaluatedItems.json | ${description}`),
])

describe.skipIf(files.length === 0)('JSON Schema Test Suite (skipped without ../shared/conformance)', () => {
  it.each(files)('%s', async (file) => {
    const groups = JSON.parse(readFileSync(resolve(suite, file), 'utf8')) as Group[]
    const components: Record<string, Json> = {}
    const validators: ValidatorPlan[] = []
    const isFormat = file.startsWith('optional/format')
    groups.forEach((group, index) => {
      if (settledEarlier.test(JSON.stringify(group.schema))) return
      const schema = asComponents(`g${index}`, group.schema, components)
      validators.push({ name: `g${index}`, schema, direction: 'request' })
    })
    const formats = isFormat ? 'assert' : 'annotate'
    const loaded = await loadValidators({ components, validators, formats })
    const wrong = groups.flatMap((group, index) =>
      group.tests
        .filter(({ data, valid }) => loaded[`g${index}`] !== undefined && loaded[`g${index}`]!(data) !== valid)
        .map(({ description }) => `${file} | ${description}`)
        .filter((test) => !deviations.has(test)),
    )
    expect(wrong).toEqual([])
  })
})
