import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { readOnlyNames } from './read-only.ts'
import { isMembers, type Located, type Members, type SourceDocument } from './source-document.ts'

export type Verdict = 'valid' | 'unknown' | readonly ErrorObject[]

/**
 * Says whether a value meets a schema of the source document: ajv as everybody has it, on schemas that are brought to JSON
 * Schema 2020-12 here and not by the compiler.
 */
export class Oracle {
  readonly #source: SourceDocument
  readonly #ajv: Ajv2020
  readonly #names = new Map<unknown, string>()
  readonly #pending: (() => void)[] = []
  readonly #checks = new Map<unknown, ValidateFunction | undefined>()

  constructor(source: SourceDocument) {
    this.#source = source
    this.#ajv = new Ajv2020({
      strict: false,
      allErrors: true,
      validateSchema: false,
      inlineRefs: false,
      multipleOfPrecision: 9,
      logger: false,
      code: { regExp: Object.assign(meantPattern, { code: 'meantPattern' }) },
    })
    formats.default(this.#ajv)
  }

  judge(schema: Located, value: unknown): Verdict {
    const check = this.#checkOf(schema)
    if (check === undefined) return 'unknown'
    try {
      return check(value) ? 'valid' : [...(check.errors ?? [])]
    } catch {
      // Schemas that only name each other never end.
      return 'unknown'
    }
  }

  #checkOf(schema: Located): ValidateFunction | undefined {
    const known = this.#checks.get(schema.value)
    if (known !== undefined || this.#checks.has(schema.value)) return known
    let check: ValidateFunction | undefined
    try {
      const name = this.#name(schema)
      for (let add = this.#pending.shift(); add !== undefined; add = this.#pending.shift()) add()
      check = this.#ajv.getSchema(name)
    } catch {
      check = undefined
    }
    this.#checks.set(schema.value, check)
    return check
  }

  /** The name ajv knows a schema by; it is added when its turn comes. */
  #name(schema: Located): string {
    const key = isMembers(schema.value) ? schema.value : `${String(schema.value)}`
    const known = this.#names.get(key)
    if (known !== undefined) return known
    const name = `http://corpus/${this.#names.size}`
    this.#names.set(key, name)
    this.#pending.push(() => {
      this.#ajv.addSchema({ $id: name, allOf: [this.#normal(schema, new Set())] })
    })
    return name
  }

  #normal(schema: Located, notRequired: ReadonlySet<string>): unknown {
    const { value, file } = schema
    if (!isMembers(value)) return value !== false
    const source = this.#source
    const out: Record<string, unknown> = {}
    const reference = value['$ref']
    if (typeof reference === 'string') {
      out['$ref'] = this.#name(source.target(reference, file))
      if (!source.isModern) return orNull(out, value)
    }
    if (typeof value['$dynamicRef'] === 'string') out['$ref'] = this.#name(source.target(value['$dynamicRef'], file))
    const dropped = notRequired.union(readOnlyNames(source, schema))
    copyAssertions(value, out)
    if (Array.isArray(value['required'])) {
      out['required'] = [...new Set(value['required'])].filter((name) => !dropped.has(name as string))
    }
    const inner = (part: unknown): unknown => this.#normal({ value: part, file }, new Set())
    const same = (part: unknown): unknown => this.#normal({ value: part, file }, dropped)
    for (const key of ['allOf', 'anyOf', 'oneOf']) {
      if (Array.isArray(value[key]) && value[key].length > 0) out[key] = value[key].map(same)
    }
    for (const key of ['not', 'if', 'then', 'else']) if (key in value) out[key] = same(value[key])
    for (const key of [
      'contains',
      'additionalProperties',
      'propertyNames',
      'unevaluatedItems',
      'unevaluatedProperties',
    ]) {
      if (key in value) out[key] = inner(value[key])
    }
    if (Array.isArray(value['items'])) {
      out['prefixItems'] = value['items'].map(inner)
      if ('additionalItems' in value) out['items'] = inner(value['additionalItems'])
    } else if ('items' in value) out['items'] = inner(value['items'])
    if (Array.isArray(value['prefixItems'])) out['prefixItems'] = value['prefixItems'].map(inner)
    for (const key of ['properties', 'patternProperties', 'dependentSchemas']) {
      if (!isMembers(value[key])) continue
      out[key] = Object.fromEntries(
        source.entries(source.at(schema, key)).map(([name, part]) => [name, this.#normal(part, new Set())]),
      )
    }
    return orNull(out, value)
  }
}

const numbers = [
  'multipleOf',
  'maximum',
  'minimum',
  'maxLength',
  'minLength',
  'maxItems',
  'minItems',
  'maxProperties',
  'minProperties',
  'maxContains',
  'minContains',
]
const types = new Set(['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'])

function copyAssertions(value: Members, out: Record<string, unknown>): void {
  for (const key of numbers) if (typeof value[key] === 'number') out[key] = value[key]
  for (const [key, limit] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof value[key] === 'number') out[key] = value[key]
    else if (value[key] === true && typeof value[limit] === 'number') out[key] = value[limit]
  }
  const type = value['type'] === 'file' ? 'string' : value['type']
  const list = (Array.isArray(type) ? type : [type]).filter((name) => types.has(name as string))
  if (list.length > 0) out['type'] = [...new Set(list)]
  if (typeof value['pattern'] === 'string') out['pattern'] = value['pattern']
  if (typeof value['format'] === 'string') out['format'] = value['format']
  if (value['uniqueItems'] === true) out['uniqueItems'] = true
  if ('const' in value) out['const'] = value['const']
  if (Array.isArray(value['enum'])) {
    // ajv takes no empty list; nothing is among it.
    if (value['enum'].length > 0) out['enum'] = value['enum']
    else out['not'] = {}
  }
  if (isMembers(value['dependentRequired'])) out['dependentRequired'] = value['dependentRequired']
}

/** `nullable` (3.0), `x-nullable` (2.0). */
function orNull(out: Record<string, unknown>, value: Members): unknown {
  return value['nullable'] === true || value['x-nullable'] === true ? { anyOf: [out, { type: 'null' }] } : out
}

/** Constructs of other languages, which mean something else here or nothing at all: such a pattern takes any text. */
const foreign =
  /\(\?[a-zA-Z-]+[):]|\(\?P|\(\?#|\(\?>|\\[AzZ](?![a-zA-Z])|\\p\{(?:Alnum|Alpha|ASCII|Digit|Punct|Space)|\[\[:|[+*?}]\+/

export function meantPattern(pattern: string): RegExp {
  if (/^\/.*\/[a-z]*$/.test(pattern)) return /(?:)/
  for (const flags of ['u', '']) {
    try {
      return new RegExp(pattern, flags)
    } catch {
      if (foreign.test(pattern)) return /(?:)/
    }
  }
  return /(?:)/
}
