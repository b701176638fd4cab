import { componentReference, referenceTokens } from '../model/component-reference.ts'
import { isObject, type Json, type JsonObject } from '../model/json.ts'
import type { SchemaChange } from '../policies/publication.ts'
import { rewriteSchema } from './rewrite-schema.ts'

type Schemas = { readonly [name: string]: Json }

/**
 * Schemas as callers meet them in answers, where that is not as the document has them. Component schemas that change, or refer
 * to one that does, are copied: requests may use the same ones, and stay as they are.
 */
export class SchemaVariants {
  readonly #schemas: Schemas
  readonly #byChanges = new Map<string, Copies>()
  /** Copy → what it is a copy of. */
  readonly #origins = new Map<string, string>()

  /** @param schemas `components.schemas` */
  constructor(schemas: JsonObject) {
    this.#schemas = schemas as Schemas
  }

  /** The same schema where nothing changes. */
  of(schema: Json, changes: readonly SchemaChange[]): Json {
    if (changes.length === 0) return schema
    const key = changes.map(({ name }) => name).join(' ')
    let copies = this.#byChanges.get(key)
    if (copies === undefined) {
      copies = new Copies(this.#schemas, changes, (name) => this.#claim(name))
      this.#byChanges.set(key, copies)
    }
    return copies.rewrite(schema)
  }

  /** The copies that have been referred to, and copy → origin. */
  made(): { readonly schemas: JsonObject; readonly origins: ReadonlyMap<string, string> } {
    const all = [...this.#byChanges.values()].flatMap((copies) => copies.made())
    return { schemas: Object.fromEntries(all), origins: this.#origins }
  }

  #claim(name: string): string {
    let copy = `${name}Answer`
    for (let i = 2; Object.hasOwn(this.#schemas, copy) || this.#origins.has(copy); i++) copy = `${name}Answer${i}`
    this.#origins.set(copy, name)
    return copy
  }
}

/** The copies that one combination of changes makes. */
class Copies {
  readonly #schemas: Schemas
  readonly #changes: readonly SchemaChange[]
  readonly #claim: (name: string) => string
  /** Components that change, or refer to one that does. */
  readonly #touched: ReadonlySet<string>
  /** Component → its copy. */
  readonly #names = new Map<string, string>()
  readonly #pending: string[] = []

  constructor(schemas: Schemas, changes: readonly SchemaChange[], claim: (name: string) => string) {
    this.#schemas = schemas
    this.#changes = changes
    this.#claim = claim
    const isChanged = (schema: Json): boolean => rewriteSchema(schema, (one) => this.#changed(one)) !== schema
    this.#touched = withUsers(schemas, isChanged)
  }

  rewrite(schema: Json): Json {
    return rewriteSchema(schema, (one) => this.#changed(this.#referred(one)))
  }

  made(): [string, Json][] {
    const made: [string, Json][] = []
    for (let name = this.#pending.shift(); name !== undefined; name = this.#pending.shift()) {
      made.push([this.#names.get(name)!, this.rewrite(this.#schemas[name]!)])
    }
    return made
  }

  #changed(schema: JsonObject): JsonObject {
    const resolve = (reference: string): JsonObject | undefined => {
      const found = this.#schemas[componentOf(reference) ?? '']
      return isObject(found) ? (found as JsonObject) : undefined
    }
    return this.#changes.reduce((value, one) => one.change(value, resolve), schema)
  }

  /** References to what is copied lead to the copy. */
  #referred(schema: JsonObject): JsonObject {
    const { $ref, discriminator } = schema
    const copy = typeof $ref === 'string' ? this.#copyOf(componentOf($ref)) : undefined
    const led = copy === undefined ? schema : { ...schema, $ref: copy }
    if (!isObject(discriminator)) return led
    const mapping = this.#mapping(led, discriminator as JsonObject)
    return mapping === undefined ? led : { ...led, discriminator: { ...discriminator, mapping } as JsonObject }
  }

  /** A discriminator goes on meaning by its words what it meant, though that is called otherwise. */
  #mapping(schema: JsonObject, discriminator: JsonObject): JsonObject | undefined {
    const written = Object.entries((discriminator['mapping'] ?? {}) as JsonObject)
    const meant = new Set(written.map(([, target]) => componentOf(String(target)) ?? String(target)))
    const mapped = written.map(([word, target]): [string, Json] => [
      word,
      this.#copyOf(componentOf(String(target)) ?? String(target)) ?? target,
    ])
    const branches = [...this.#names].filter(([name, copy]) => {
      const isBranch = (one: unknown): boolean => isObject(one) && one['$ref'] === componentReference('schemas', copy)
      return !meant.has(name) && [schema['oneOf'], schema['anyOf']].flat().some(isBranch)
    })
    const all = [
      ...mapped,
      ...branches.map(([name, copy]): [string, Json] => [name, componentReference('schemas', copy)]),
    ]
    const isSame = all.length === written.length && all.every(([, target], i) => target === written[i]![1])
    return isSame ? undefined : Object.fromEntries(all)
  }

  #copyOf(name: string | undefined): string | undefined {
    if (name === undefined || !this.#touched.has(name)) return undefined
    let copy = this.#names.get(name)
    if (copy === undefined) {
      copy = this.#claim(name)
      this.#names.set(name, copy)
      this.#pending.push(name)
    }
    return componentReference('schemas', copy)
  }
}

/** The component schemas for which that holds, and all that refer to them. */
function withUsers(schemas: Schemas, holds: (schema: Json) => boolean): Set<string> {
  const users = new Map<string, string[]>()
  const found = new Set<string>()
  for (const [name, schema] of Object.entries(schemas)) {
    if (holds(schema)) found.add(name)
    rewriteSchema(schema, (one) => {
      const target = typeof one['$ref'] === 'string' ? componentOf(one['$ref']) : undefined
      if (target !== undefined) users.set(target, [...(users.get(target) ?? []), name])
      return one
    })
  }
  const pending = [...found]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    for (const user of users.get(name) ?? []) {
      if (found.has(user)) continue
      found.add(user)
      pending.push(user)
    }
  }
  return found
}

/** The component schema that a reference names. */
function componentOf(reference: string): string | undefined {
  const [components, section, name] = referenceTokens(reference) ?? []
  return components === 'components' && section === 'schemas' ? name : undefined
}
