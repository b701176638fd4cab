import type { CodeKeywordDefinition, KeywordCxt } from 'ajv'
import { _, type Code, Name, strConcat } from 'ajv/dist/compile/codegen/index.js'
import { errors, instancePath, runtimeFunction, vErrors } from './validators-code.ts'

/*
 * Unions: where no branch fits, the errors of the nearest one are kept; where a discriminator decides, only the branch that
 * is meant is judged.
 */

export const anyOf: CodeKeywordDefinition = {
  keyword: 'anyOf',
  schemaType: 'array',
  trackErrors: true,
  code(cxt) {
    const { gen, it } = cxt
    const schemas = cxt.schema as unknown[]
    const valid = gen.let('valid', false)
    const branchValid = gen.name('_valid')
    const ends = startBranches(cxt)
    gen.block(() => {
      schemas.forEach((_schema, index) => {
        const branch = cxt.subschema({ keyword: 'anyOf', schemaProp: index, compositeRule: true }, branchValid)
        gen.assign(valid, _`${valid} || ${branchValid}`)
        endBranch(cxt, ends)
        const merged = cxt.mergeValidEvaluated(branch, branchValid)
        if (!merged && it.opts.unevaluated !== true) gen.if(_`!${valid}`)
      })
    })
    finishUnion(cxt, valid, ends)
  },
}

export const oneOf: CodeKeywordDefinition = {
  keyword: 'oneOf',
  schemaType: 'array',
  trackErrors: true,
  error: { message: '', params: ({ params }) => _`{passingSchemas: ${params['passing'] as Code}}` },
  code(cxt) {
    const { gen } = cxt
    const schemas = cxt.schema as unknown[]
    const valid = gen.let('valid', false)
    const passing = gen.let('passing', null)
    const branchValid = gen.name('_valid')
    cxt.setParams({ passing })
    const ends = startBranches(cxt)
    gen.block(() => {
      schemas.forEach((_schema, index) => {
        const branch = cxt.subschema({ keyword: 'oneOf', schemaProp: index, compositeRule: true }, branchValid)
        endBranch(cxt, ends)
        if (index > 0) {
          gen.if(_`${branchValid} && ${valid}`).assign(valid, false).assign(passing, _`[${passing}, ${index}]`).else()
        }
        gen.if(branchValid, () => {
          gen.assign(valid, true)
          gen.assign(passing, index)
          cxt.mergeEvaluated(branch, Name)
        })
      })
    })
    finishUnion(cxt, valid, ends)
  },
}

function startBranches({ gen }: KeywordCxt): Name {
  return gen.const('ends', _`[${errors}]`)
}

function endBranch({ gen }: KeywordCxt, ends: Name): void {
  gen.code(_`${ends}.push(${errors})`)
}

function finishUnion(cxt: KeywordCxt, valid: Name, ends: Name): void {
  const { gen, it } = cxt
  const nearest = runtimeFunction(cxt, 'validation/nearest-errors', 'nearestErrors')
  cxt.result(
    valid,
    () => cxt.reset(),
    () => {
      gen.if(_`${vErrors} !== null`, () => {
        gen.assign(vErrors, _`${nearest}(${vErrors}, ${ends}, ${strConcat(instancePath, it.errorPath)})`)
        gen.assign(errors, _`${vErrors}.length`)
      })
      cxt.error(true)
    },
  )
}

/** What `discriminator` makes of a union: `tags` says which of `variants` a value of the member `property` asks for. */
export interface Tags {
  readonly property: string
  readonly cases: readonly (readonly [tag: string, variant: number])[]
  /** The variant for an unknown or missing tag; without one these are errors. */
  readonly otherwise?: number
  /** The union it was: judges what is no object and, where not every branch requires it, what has no tag. */
  readonly union: 'oneOf' | 'anyOf'
  readonly isOptional?: boolean
}

/** A union with a discriminator: one comparison instead of one attempt per branch, and the errors of the branch meant. */
export const variants: CodeKeywordDefinition = {
  keyword: 'variants',
  schemaType: 'array',
  error: {
    message: '',
    params: ({ params }) => _`{property: ${params['property']}, missing: ${params['missing'] as Code}}`,
  },
  code(cxt) {
    const { gen, data, it } = cxt
    const { property, cases, otherwise, union, isOptional } = cxt.parentSchema['tags'] as Tags
    const valid = gen.let('valid', false)
    const branch = (subschema: Parameters<KeywordCxt['subschema']>[0]): void => {
      const branchValid = gen.name('_valid')
      cxt.mergeEvaluated(cxt.subschema(subschema, branchValid), Name)
      gen.assign(valid, branchValid)
    }
    const apply = (index: number): void => branch({ keyword: 'variants', schemaProp: index })
    const applyUnion = (): void =>
      branch({
        schema: { [union]: cxt.schema },
        schemaPath: it.schemaPath,
        topSchemaRef: it.topSchemaRef,
        errSchemaPath: `${it.errSchemaPath}/variants`,
      })
    const refuse = (missing: boolean): void => cxt.error(false, { property, missing: _`${missing}` })
    const tag = gen.const(
      'tag',
      _`${isObject(data)} && Object.hasOwn(${data}, ${property}) ? ${data}[${property}] : undefined`,
    )
    gen.if(_`${tag} === undefined`)
    if (otherwise === undefined && isOptional !== true) gen.if(isObject(data), () => refuse(true), applyUnion)
    else if (otherwise === undefined) applyUnion()
    else gen.if(isObject(data), () => apply(otherwise), applyUnion)
    for (const [variant, tags] of Map.groupBy(cases, ([, index]) => index)) {
      gen.elseIf(tags.map(([text]) => _`${tag} === ${text}`).reduce((all, one) => _`${all} || ${one}`))
      apply(variant)
    }
    gen.else()
    if (otherwise === undefined) refuse(false)
    else apply(otherwise)
    gen.endIf()
    cxt.ok(valid)
  },
}

function isObject(data: Name): Code {
  return _`(typeof ${data} == "object" && ${data} !== null && !Array.isArray(${data}))`
}
