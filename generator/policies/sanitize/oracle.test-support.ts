import { Ajv2020 } from 'ajv/dist/2020.js'

type Json = unknown
type Schema = { readonly [key: string]: Json } | boolean
type Branch = { readonly schema: Schema; readonly isBase: boolean }

const isObject = (value: Json): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Says slowly, and in another way than the service, what of a parsed answer may come out: what the schemas that hold for each
 * value declare. Alternatives are judged by ajv.
 */
export class Oracle {
  /** An alternative was taken although its schema refuses the value as it came: others might be taken with equal right. */
  wasUnsure = false
  /** One schema is enough to let something through, whatever others say of the same value: where alternatives are unsure. */
  isLenient = false
  readonly #components: Record<string, Schema>
  readonly #strict = new Ajv2020({ strict: false, validateFormats: false, ownProperties: true })
  readonly #relaxed = new Ajv2020({ strict: false, validateFormats: false, ownProperties: true })

  constructor(components: Record<string, Schema>) {
    this.#components = components
    // What has been evaluated is asked by no schema here, and ajv stumbles over some conditions where it notes that.
    for (const ajv of [this.#strict, this.#relaxed]) Object.assign(ajv.opts, { unevaluated: false })
    this.#strict.addSchema({ $id: 'doc', components: { schemas: absolute(dispatching(components)) } } as never)
    this.#relaxed.addSchema({ $id: 'doc', components: { schemas: absolute(relax(dispatching(components))) } } as never)
  }

  allowed(schemas: readonly Schema[], value: Json): Json {
    if (typeof value !== 'object' || value === null) return value
    const holding = this.#holding(schemas, value)
    if (!holding.some(says)) return value
    if (this.isLenient && schemas.some((one) => !this.#holding([one], value).some(says))) return value
    const bare: Schema = { type: 'string' }
    if (Array.isArray(value)) {
      return value.flatMap((item: Json, index) => {
        const said: Schema[] = []
        let isClosed = false
        for (const schema of holding) {
          const { prefixItems, items } = schema
          if (Array.isArray(prefixItems) && index < prefixItems.length) said.push(prefixItems[index] as Schema)
          else if (items !== undefined && items !== false) said.push(items as Schema)
          else if (items === false || prefixItems !== undefined) isClosed = true
        }
        if (isClosed && said.length === 0 && !this.isLenient) return []
        if (said.some((one) => this.#isWriteOnly(one)) && !this.isLenient) return []
        return [this.allowed(said.length === 0 ? [bare] : said, item)]
      })
    }
    const kept: [string, Json][] = []
    for (const [name, member] of Object.entries(value)) {
      const said: Schema[] = []
      let isListed = false
      let isClosed = false
      for (const schema of holding) {
        const own: Schema[] = []
        const properties = (schema['properties'] ?? {}) as Record<string, Schema>
        if (Object.hasOwn(properties, name)) own.push(properties[name]!)
        for (const [pattern, one] of Object.entries((schema['patternProperties'] ?? {}) as Record<string, Schema>)) {
          if (new RegExp(pattern, 'u').test(name)) own.push(one)
        }
        if (own.length > 0) isListed = true
        else if (schema['additionalProperties'] === false) isClosed = true
        else if (schema['additionalProperties'] !== undefined) own.push(schema['additionalProperties'] as Schema)
        said.push(...own)
      }
      const isHidden = said.some((one) => this.#isWriteOnly(one))
      if (said.length > 0 && (isListed || !isClosed || this.isLenient) && (!isHidden || this.isLenient))
        kept.push([name, this.allowed(said, member)])
    }
    return Object.fromEntries(kept)
  }

  #isWriteOnly(schema: Schema, seen = new Set<Schema>()): boolean {
    if (!isObject(schema) || seen.has(schema)) return false
    seen.add(schema)
    const parts = ['allOf', 'oneOf', 'anyOf'].flatMap((key) => (schema[key] ?? []) as Schema[])
    if (typeof schema['$ref'] === 'string') parts.push(this.#components[schema['$ref'].split('/').pop()!]!)
    return schema['writeOnly'] === true || parts.some((part) => this.#isWriteOnly(part, seen))
  }

  /** The schemas that hold for a value, references and compositions opened. */
  #holding(schemas: readonly Schema[], value: object): Record<string, Json>[] {
    const found = new Set<Record<string, Json>>()
    const heirsAsked = new Set<unknown>()
    const pending: Branch[] = schemas.map((schema) => ({ schema, isBase: false }))
    while (pending.length > 0) {
      const { schema, isBase } = pending.pop()!
      if (!isObject(schema)) continue
      const isNew = !found.has(schema)
      found.add(schema)
      const name = typeof schema['$ref'] === 'string' ? schema['$ref'].split('/').pop()! : undefined
      if (name !== undefined) pending.push({ schema: this.#components[name]!, isBase })
      for (const one of (schema['allOf'] ?? []) as Schema[]) pending.push({ schema: one, isBase: true })
      if (!isBase && isObject(schema['discriminator']) && schema['oneOf'] === undefined && !heirsAsked.has(schema)) {
        heirsAsked.add(schema)
        for (const one of this.#heirs(schema, value)) pending.push({ schema: one, isBase: true })
      }
      if (!isNew) continue
      for (const key of ['oneOf', 'anyOf']) {
        for (const one of this.#chosen(schema, (schema[key] ?? []) as Schema[], value))
          pending.push({ schema: one, isBase: false })
      }
      if (schema['if'] !== undefined) {
        const holds = this.#accepts(this.#strict, schema['if'] as Schema, value)
        for (const one of holds ? [schema['if'], schema['then']] : [schema['else']]) {
          if (one !== undefined) pending.push({ schema: one as Schema, isBase: true })
        }
      }
      for (const [has, one] of Object.entries((schema['dependentSchemas'] ?? {}) as Record<string, Schema>)) {
        if (Object.hasOwn(value, has)) pending.push({ schema: one, isBase: true })
      }
    }
    return [...found]
  }

  #heirs(schema: Record<string, Json>, value: object): Schema[] {
    const by = (schema['discriminator'] as { propertyName: string }).propertyName
    const word = Object.hasOwn(value, by) ? (value as Record<string, Json>)[by] : undefined
    const own = Object.keys(this.#components).find((name) => this.#components[name] === schema)
    return Object.entries(this.#components).flatMap(([name, one]) => {
      const bases = isObject(one) ? ((one['allOf'] ?? []) as Record<string, Json>[]) : []
      return name === word && bases.some((base) => base['$ref'] === `#/components/schemas/${own}`) ? [one] : []
    })
  }

  #chosen(schema: Record<string, Json>, branches: readonly Schema[], value: object): readonly Schema[] {
    const open = branches.filter(
      (one) =>
        !isObject(one) || one['$ref'] !== undefined || !['string', 'null', 'integer'].includes(String(one['type'])),
    )
    if (open.length < 2) return open
    if (isObject(schema['discriminator'])) {
      const by = schema['discriminator']['propertyName'] as string
      const word = Object.hasOwn(value, by) ? (value as Record<string, Json>)[by] : undefined
      return open.filter(
        (one) => isObject(one) && one['$ref'] === `#/components/schemas/${typeof word === 'string' ? word : ''}`,
      )
    }
    const strict = open.filter((one) => this.#accepts(this.#strict, one, value))
    if (strict.length > 0) return strict
    const relaxed = open.filter((one) => this.#accepts(this.#relaxed, relax(one) as Schema, value))
    this.wasUnsure ||= relaxed.length > 0
    return relaxed
  }

  #accepts(ajv: Ajv2020, schema: Schema, value: object): boolean {
    return ajv.validate(absolute(schema) as never, value) === true
  }
}

/** Whether a schema is more than annotations and compositions. */
function says(schema: Record<string, Json>): boolean {
  return Object.keys(schema).some(
    (key) => !['writeOnly', '$ref', 'allOf', 'discriminator', 'description'].includes(key),
  )
}

function relax(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(relax)
  if (!isObject(schema)) return schema
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, one]): [string, Json][] => {
      if (key === 'additionalProperties' && one === false) return []
      if (key === 'items' && one === false) return []
      return [[key === 'oneOf' && schema['anyOf'] === undefined ? 'anyOf' : key, relax(one)]]
    }),
  )
}

/**
 * A parent with a discriminator is whichever of its heirs the value names (OpenAPI 3.1 §4.8.25): that one must hold too. What
 * an heir says of its parent by `allOf` is what the parent says of everybody.
 */
function dispatching(components: Record<string, Schema>): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  const prefix = '#/components/schemas/'
  for (const [name, schema] of Object.entries(components)) {
    const parts = isObject(schema) ? ((schema['allOf'] ?? []) as Record<string, Json>[]) : []
    const allOf = parts.map((part) =>
      isObject(part) && typeof part['$ref'] === 'string' ? { $ref: `${part['$ref']}~everybody` } : part,
    )
    result[name] = allOf.length === 0 ? schema : { ...(schema as object), allOf }
    result[`${name}~everybody`] = result[name]
    if (!isObject(schema) || !isObject(schema['discriminator'])) continue
    const by = schema['discriminator']['propertyName'] as string
    const heirs = Object.entries(components).filter(
      ([, one]) =>
        isObject(one) &&
        ((one['allOf'] ?? []) as Record<string, Json>[]).some((part) => part['$ref'] === prefix + name),
    )
    const named = heirs.map(([heir]) => ({
      if: { type: 'object', required: [by], properties: { [by]: { const: heir } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { $ref: prefix + heir },
    }))
    result[name] = { allOf: [{ $ref: `${prefix}${name}~everybody` }, ...named] }
  }
  return result
}

function absolute<T>(schema: T): T {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"doc#/components/')) as T
}
