import type { SchemaSetPlan, ValidatorPlan } from '../model/service-plan.ts'
import { circularFunctions } from './validators-circles.ts'
import { type CompiledUnit, Compiler } from './validators-compile.ts'
import { Components } from './validators-components.ts'
import { type Preparation, prepareUnit, type Unit } from './validators-prepare.ts'

/**
 * The schemas of a service as functions: `schemas/validators.js` and its types. Each component schema is one function (two
 * where readOnly or writeOnly make a difference), so that the code grows as the document does, circular or not.
 */
export function emitValidators(schemas: SchemaSetPlan): { readonly code: string; readonly types: string } {
  const functions = new Functions(schemas)
  const exported = schemas.validators.map((validator) => [functions.forValidator(validator), validator.name] as const)
  const units = functions.compileAll()
  return { code: moduleCode(units, exported), types: moduleTypes(schemas.validators) }
}

class Functions {
  readonly #components: Components
  readonly #preparation: Preparation
  readonly #units = new Map<string, { readonly name: string; readonly unit: Unit; readonly schema: Unitless }>()
  readonly #taken = new Set<string>()

  constructor(schemas: SchemaSetPlan) {
    this.#components = new Components(schemas.components)
    this.#preparation = {
      components: this.#components,
      formats: schemas.formats ?? 'assert',
      functionFor: (unit) => this.#functionFor(unit),
    }
  }

  /** The function behind an exported name: the component's own where the schema is only a reference to one. */
  forValidator({ name, schema, direction }: ValidatorPlan): string {
    const keys = typeof schema === 'object' && schema !== null ? Object.keys(schema) : []
    const component = keys.length === 1 ? this.#components.nameOf((schema as { $ref?: unknown }).$ref) : undefined
    if (component !== undefined) {
      const differs = this.#components.differs(component, direction)
      return this.#functionFor({ component, core: false, direction: differs ? direction : 'both' })
    }
    return this.#add(`inline ${name}`, `check_${name}`, { component: undefined, core: false, direction }, schema)
  }

  compileAll(): CompiledUnit[] {
    const prepared = new Map<string, ReturnType<typeof prepareUnit>>()
    // Preparing a unit may ask for functions that are not there yet: the map grows while it is walked.
    for (const { name, unit, schema } of this.#units.values())
      prepared.set(name, prepareUnit(schema, unit, this.#preparation))
    const compiler = new Compiler([...prepared.values()].some(speaksOfUnevaluated))
    const circular = circularFunctions(prepared)
    return [...prepared]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, schema]) => compiler.compile(name, schema, circular.has(name)))
  }

  #functionFor(unit: Unit): string {
    const component = unit.component!
    const variant = `${unit.core ? '_core' : ''}${unit.direction === 'both' ? '' : `_${unit.direction}`}`
    const wanted = `schema_${component.replace(/[^A-Za-z0-9_]/g, '_')}${variant}`
    return this.#add(`component ${component}${variant}`, wanted, unit, this.#components.schemas.get(component)!)
  }

  #add(key: string, wanted: string, unit: Unit, schema: Unitless): string {
    const known = this.#units.get(key)
    if (known !== undefined) return known.name
    let name = wanted
    for (let i = 2; this.#taken.has(name); i++) name = `${wanted}_${i}`
    this.#taken.add(name)
    this.#units.set(key, { name, unit, schema })
    return name
  }
}

type Unitless = ValidatorPlan['schema']

function speaksOfUnevaluated(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false
  return Object.entries(schema).some(([key, value]) => key.startsWith('unevaluated') || speaksOfUnevaluated(value))
}

const preface = `// Not meant to be read: made by ajv from the schemas of the document, one function per component schema.
// What it checks is written in openapi.json; to change it, change the document and generate again.
`

function moduleCode(units: readonly CompiledUnit[], exported: readonly (readonly [string, string])[]): string {
  const imports = new Map(units.flatMap((unit) => unit.imports.map((helper) => [helper.name, helper.module])))
  const importLines = [...imports]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, module]) => `import { ${name} } from '@specgate/runtime/${module}'`)
  const constants = new Map(units.flatMap((unit) => unit.constants.map(({ name, code }) => [name, code])))
  const constantLines = [...constants].map(([name, code]) => `const ${name} = ${code};`)
  const exportLines = exported.map(([name, as]) => `export { ${name} as ${as} }`)
  return `${[preface, ...importLines, ...constantLines, ...units.map((unit) => unit.code.trim()), ...exportLines].join('\n')}\n`
}

function moduleTypes(validators: readonly ValidatorPlan[]): string {
  const lines = validators.map(({ name }) => `export declare const ${name}: Validator`)
  return `import type { Validator } from '@specgate/runtime/core/validator'\n\n${lines.join('\n')}\n`
}
