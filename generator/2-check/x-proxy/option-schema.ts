import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { isObject, type JsonObject } from '../../model/json.ts'
import { formats } from './formats.ts'

/** Compiles option schemas once; a partial one asks for nothing, since another level may say the rest. */
export class OptionSchemas {
  readonly #ajv = new Ajv({ allErrors: true, strict: false, verbose: true, validateFormats: true, logger: false })
  readonly #compiled = {
    partial: new Map<JsonObject, ValidateFunction>(),
    whole: new Map<JsonObject, ValidateFunction>(),
  }

  constructor() {
    for (const [name, { test }] of Object.entries(formats)) this.#ajv.addFormat(name, test)
  }

  /** What is wrong with a value, one error per fault. */
  errors(schema: JsonObject, value: unknown, extent: 'partial' | 'whole'): ErrorObject[] {
    const known = this.#compiled[extent].get(schema)
    const validate = known ?? this.#ajv.compile(extent === 'partial' ? partial(schema) : schema)
    if (known === undefined) this.#compiled[extent].set(schema, validate)
    return validate(value) ? [] : telling(validate.errors ?? [])
  }
}

/** Names the author may choose; their values are schemas. */
const maps = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']
const demands = ['required', 'dependentRequired', 'minProperties', 'not', 'if', 'then', 'else']

/** The schema without what it demands to be there; `oneOf`, whose branches may differ only in that, as `anyOf`. */
function partial(schema: unknown): JsonObject {
  if (Array.isArray(schema)) return schema.map(partial) as unknown as JsonObject
  if (!isObject(schema)) return schema as JsonObject
  const kept = Object.entries(schema).filter(([key]) => !demands.includes(key))
  return Object.fromEntries(
    kept.map(([key, value]) => {
      if (maps.includes(key) && isObject(value)) {
        return [key, Object.fromEntries(Object.entries(value).map(([name, member]) => [name, partial(member)]))]
      }
      return [
        key === 'oneOf' ? 'anyOf' : key,
        key === 'enum' || key === 'const' || key === 'default' ? value : partial(value),
      ]
    }),
  ) as JsonObject
}

/** Of errors that follow from one another, those that tell the author what to do. */
function telling(errors: readonly ErrorObject[]): ErrorObject[] {
  const mistyped = new Set(
    errors.filter(({ keyword }) => keyword === 'type').map((error) => error.instancePath + branchOf(error)),
  )
  let kept = errors.filter((error) => error.propertyName === undefined || error.keyword === 'propertyNames')
  kept = kept.filter((error) => error.keyword === 'type' || !mistyped.has(error.instancePath + branchOf(error)))
  for (const choice of kept.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')) {
    const inside = kept.filter((error) => error.schemaPath.startsWith(`${choice.schemaPath}/`))
    if (inside.length === 0) continue
    const meant = meantBranch(choice, inside)
    kept = kept.filter((error) =>
      error === choice ? meant === undefined : !inside.includes(error) || (meant?.includes(error) ?? false),
    )
  }
  return kept
}

function branchOf(error: ErrorObject): string {
  return /^.*\/(?:anyOf|oneOf)\/\d+/.exec(error.schemaPath)?.[0] ?? ''
}

/** The one branch whose type the value has: its errors say more than "none of these". */
function meantBranch(choice: ErrorObject, inside: readonly ErrorObject[]): ErrorObject[] | undefined {
  const branches = Map.groupBy(inside, (error) => error.schemaPath.slice(choice.schemaPath.length + 1).split('/')[0])
  const fitting = [...branches.values()].filter(
    (errors) => !errors.some(({ instancePath, keyword }) => instancePath === choice.instancePath && isShape(keyword)),
  )
  return fitting.length === 1 ? fitting[0] : undefined
}

function isShape(keyword: string): boolean {
  return keyword === 'type' || keyword === 'const' || keyword === 'enum'
}
