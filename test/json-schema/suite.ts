import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { repository } from '../support/repository.ts'

/**
 * The official JSON-Schema-Test-Suite (MIT), beside the repository or where `JSON_SCHEMA_TEST_SUITE` says. Draft 4 is what
 * the schemas of OpenAPI 3.0 were made of.
 */
export const suiteFolder =
  process.env['JSON_SCHEMA_TEST_SUITE'] ?? `${repository}../shared/conformance/json-schema/suite`
export const hasSuite = existsSync(join(suiteFolder, 'tests'))

export type Schema = boolean | { readonly [key: string]: unknown }

export interface Group {
  /** `ref.json`, `optional/bignum.json` */
  readonly file: string
  readonly description: string
  readonly schema: Schema
  readonly tests: readonly SuiteTest[]
}

export interface SuiteTest {
  readonly description: string
  readonly data: unknown
  readonly valid: boolean
}

export type Version = '3.0' | '3.1'

const drafts = { '3.0': 'draft4', '3.1': 'draft2020-12' } as const

/** What concerns drafts older than the document's, or validators that take no OpenAPI document. */
const notOfOpenApi = new Set(['cross-draft.json', 'no-schema.json', 'id.json', 'format-assertion.json'])

/** Every file of the suite for a version of OpenAPI, those of optional tests last. */
export function suiteFiles(version: Version): string[] {
  if (!hasSuite) return []
  const folder = join(suiteFolder, 'tests', drafts[version])
  const names = (path: string): string[] =>
    readdirSync(join(folder, path))
      .filter((name) => name.endsWith('.json') && !notOfOpenApi.has(name))
      .sort()
      .map((name) => join(path, name))
  return [...names(''), ...names('optional'), ...names('optional/format')]
}

/** The groups of a file that a document of this version can say. */
export function groupsOf(version: Version, file: string): Group[] {
  const text = readFileSync(join(suiteFolder, 'tests', drafts[version], file), 'utf8')
  const groups = (parseExactly(text) as Omit<Group, 'file'>[]).map((group): Group => ({ file, ...group }))
  return version === '3.0' ? groups.filter(({ schema }) => isOf30(schema)) : groups
}

/** Numbers that JavaScript cannot hold are written again as they were read. */
function parseExactly(text: string): unknown {
  return JSON.parse(text, (_, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' &&
    !Number.isSafeInteger(value) &&
    Number.isInteger(value) &&
    context?.source !== undefined
      ? (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(context.source)
      : value,
  )
}

/** Keywords of draft 4 that the schemas of OpenAPI 3.0 have not. https://spec.openapis.org/oas/v3.0.4.html#schema-object */
const notIn30 = new Set(['$schema', 'id', 'patternProperties', 'dependencies', 'additionalItems', 'type.list'])
const types30 = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object'])
const data = new Set(['enum', 'default', 'const'])

function isOf30(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return false
  return Object.entries(schema).every(([key, value]) => {
    if (notIn30.has(key) || data.has(key)) return data.has(key)
    if (key === 'type') return types30.has(String(value)) && typeof value === 'string'
    if (key === '$ref') return typeof value === 'string' && value.startsWith('#/')
    if (key === 'properties' || key === 'definitions') return Object.values(value as object).every(isOf30)
    if (['allOf', 'anyOf', 'oneOf'].includes(key)) return (value as unknown[]).every(isOf30)
    if (key === 'not' || key === 'items') return isOf30(value)
    return key !== 'additionalProperties' || typeof value === 'boolean' || isOf30(value)
  })
}

/** Documents that schemas of the suite refer to by `http://localhost:1234/…`, by that address. */
export function remoteSchemas(): Map<string, Schema> {
  const remotes = new Map<string, Schema>()
  const folder = join(suiteFolder, 'remotes')
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!file.endsWith('.json') || !/^draft2020-12\//.test(file)) continue
    remotes.set(`http://localhost:1234/${file}`, JSON.parse(readFileSync(join(folder, file), 'utf8')) as Schema)
  }
  for (const [address, schema] of metaSchemas()) remotes.set(address, schema)
  return remotes
}

/** The meta-schema of 2020-12, which ajv comes with. */
function* metaSchemas(): Generator<[string, Schema]> {
  const folder = join(
    dirname(createRequire(import.meta.url).resolve('ajv/package.json')),
    'dist/refs/json-schema-2020-12',
  )
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!file.endsWith('.json')) continue
    const schema = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { $id: string }
    yield [schema.$id, schema]
  }
}
