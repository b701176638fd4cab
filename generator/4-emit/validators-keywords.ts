import type { CodeKeywordDefinition, KeywordCxt } from 'ajv'
import { _Code } from 'ajv/dist/compile/codegen/code.js'
import { _, type Code, Name, strConcat } from 'ajv/dist/compile/codegen/index.js'
import { mergeEvaluated, Type } from 'ajv/dist/compile/util.js'
import { formatChecks } from './validators-formats.ts'

/*
 * Keywords that ajv compiles in another way than a proxy on the open internet needs: references without inlining, unions
 * that say what the nearest branch lacks, loops that stop when enough is wrong, and formats, equality and multiples by
 * functions of our own runtime.
 */

const instancePath = new Name('instancePath')
const errors = new Name('errors')
const vErrors = new Name('vErrors')

/** A loop over items or members ends when it has found this many errors: an answer shows at most as many. */
export const errorsPerLoop = 50

/** A function of the runtime that emitted code calls; the module's assembly turns it into an import. */
export class RuntimeFunction {
  readonly module: string
  readonly name: string

  constructor(module: string, name: string) {
    this.module = module
    this.name = name
  }
}

function runtimeFunction({ gen }: KeywordCxt, module: string, name: string): Name {
  return gen.scopeValue('func', { key: name, ref: new RuntimeFunction(module, name) })
}

/** `$ref` holds the name of an emitted function: each component schema is one, however often it is used. */
const reference: CodeKeywordDefinition = {
  keyword: '$ref',
  schemaType: 'string',
  code(cxt) {
    const { gen, it, data } = cxt
    const target = new Name(cxt.schema as string)
    const path = strConcat(instancePath, it.errorPath)
    cxt.result(
      _`${target}(${data}, ${path})`,
      () => {
        if (it.opts.unevaluated === true) mergeFrom(cxt, target)
      },
      () => {
        gen.assign(vErrors, _`${vErrors} === null ? ${target}.errors : ${vErrors}.concat(${target}.errors)`)
        gen.assign(errors, _`${vErrors}.length`)
      },
    )
  },
}

/** What the referenced schema has evaluated is known when it has run. */
function mergeFrom({ gen, it }: KeywordCxt, target: Name): void {
  if (it.props !== true) {
    const props = gen.var('props', _`${target}.evaluated.props`)
    it.props = mergeEvaluated.props(gen, props, it.props, Name)
  }
  if (it.items !== true) {
    const items = gen.var('items', _`${target}.evaluated.items`)
    it.items = mergeEvaluated.items(gen, items, it.items, Name)
  }
}

const anyOf: CodeKeywordDefinition = {
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

const oneOf: CodeKeywordDefinition = {
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
}

/** A union with a discriminator: one comparison instead of one attempt per branch, and the errors of the branch meant. */
const variants: CodeKeywordDefinition = {
  keyword: 'variants',
  schemaType: 'array',
  error: {
    message: '',
    params: ({ params }) => _`{property: ${params['property']}, missing: ${params['missing'] as Code}}`,
  },
  code(cxt) {
    const { gen, data, it } = cxt
    const { property, cases, otherwise } = cxt.parentSchema['tags'] as Tags
    const valid = gen.let('valid', false)
    const own = _`typeof ${data} == "object" && ${data} && !Array.isArray(${data})`
    const apply = (index: number): void => {
      const branchValid = gen.name('_valid')
      const branch = cxt.subschema({ keyword: 'variants', schemaProp: index }, branchValid)
      cxt.mergeEvaluated(branch, Name)
      gen.assign(valid, branchValid)
    }
    const refuse = (missing: boolean): void => cxt.error(false, { property, missing: _`${missing}` })
    gen.if(own)
    const tag = gen.const('tag', _`Object.hasOwn(${data}, ${property}) ? ${data}[${property}] : undefined`)
    gen.if(_`${tag} === undefined`)
    if (otherwise === undefined) refuse(true)
    else apply(otherwise)
    for (const [variant, tags] of Map.groupBy(cases, ([, index]) => index)) {
      gen.elseIf(tags.map(([text]) => _`${tag} === ${text}`).reduce((all, one) => _`${all} || ${one}`))
      apply(variant)
    }
    gen.else()
    if (otherwise === undefined) refuse(false)
    else apply(otherwise)
    gen.endIf()
    gen.else()
    // What is no object has no tag: it is judged as the plain union judges it.
    const branchValid = gen.name('_valid')
    cxt.subschema(
      {
        schema: { anyOf: cxt.schema },
        schemaPath: it.schemaPath,
        topSchemaRef: it.topSchemaRef,
        errSchemaPath: `${it.errSchemaPath}/variants`,
      },
      branchValid,
    )
    gen.assign(valid, branchValid)
    gen.endIf()
    cxt.ok(valid)
  },
}

const items: CodeKeywordDefinition = {
  keyword: 'items',
  // What is left over is judged last.
  before: 'unevaluatedItems',
  type: 'array',
  schemaType: ['object', 'boolean'],
  error: { message: '', params: ({ params }) => _`{limit: ${params['limit']}}` },
  code(cxt) {
    const { gen, data, it, parentSchema } = cxt
    const schema = cxt.schema as unknown
    const prefix = Array.isArray(parentSchema['prefixItems']) ? parentSchema['prefixItems'].length : 0
    it.items = true
    if (schema === true) return
    if (schema === false) {
      cxt.setParams({ limit: prefix })
      cxt.pass(_`${data}.length <= ${prefix}`)
      return
    }
    const length = gen.const('len', _`${data}.length`)
    const before = gen.const('before', errors)
    const index = gen.name('i')
    const enough = _`${errors} - ${before} < ${errorsPerLoop}`
    gen.for(_`let ${index}=${prefix}; ${index}<${length} && ${enough}; ${index}++`, () => {
      cxt.subschema({ keyword: 'items', dataProp: index, dataPropType: Type.Num }, gen.name('valid'))
    })
  },
}

const enumeration: CodeKeywordDefinition = {
  keyword: 'enum',
  schemaType: 'array',
  error: { message: '', params: ({ params }) => _`{allowedValues: ${params['values'] as Code}}` },
  code(cxt) {
    const { gen, data } = cxt
    const values = cxt.schema as unknown[]
    const constant = (literal: string): Name =>
      gen.scopeValue('values', { key: literal, ref: values, code: new _Code(literal) })
    if (!values.every(isScalar)) {
      const list = constant(jsonLiteral(values))
      const equal = runtimeFunction(cxt, 'validation/equal', 'equal')
      cxt.setParams({ values: list })
      cxt.pass(_`${list}.some((value) => ${equal}(value, ${data}))`)
    } else if (values.length <= 4) {
      cxt.setParams({ values: new _Code(jsonLiteral(values)) })
      cxt.pass(values.map((value) => _`${data} === ${value as Scalar}`).reduce((all, one) => _`${all} || ${one}`))
    } else {
      const set = constant(`new Set(${jsonLiteral(values)})`)
      cxt.setParams({ values: _`[...${set}]` })
      cxt.pass(_`${set}.has(${data})`)
    }
  },
}

type Scalar = string | number | boolean | null

function isScalar(value: unknown): value is Scalar {
  return typeof value !== 'object' || value === null
}

/** JSON as code. As a literal, a member called `__proto__` would set a prototype. */
export function jsonLiteral(value: unknown): string {
  const text = JSON.stringify(value).replace(/[\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`)
  return text.includes('__proto__') ? `JSON.parse(${JSON.stringify(text)})` : text
}

const uniqueItems: CodeKeywordDefinition = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  error: { message: '', params: ({ params }) => _`{item: ${params['item'] as Code}}` },
  code(cxt) {
    if (cxt.schema !== true) return
    const repeatedItem = runtimeFunction(cxt, 'validation/repeated-item', 'repeatedItem')
    const item = cxt.gen.const('item', _`${repeatedItem}(${cxt.data})`)
    cxt.setParams({ item })
    cxt.pass(_`${item} === -1`)
  },
}

const multipleOf: CodeKeywordDefinition = {
  keyword: 'multipleOf',
  type: 'number',
  schemaType: 'number',
  error: { message: '', params: ({ schemaCode }) => _`{multipleOf: ${schemaCode}}` },
  code(cxt) {
    const isMultiple = runtimeFunction(cxt, 'validation/is-multiple', 'isMultiple')
    cxt.pass(_`${isMultiple}(${cxt.data}, ${cxt.schema as number})`)
  },
}

const format: CodeKeywordDefinition = {
  keyword: 'format',
  type: ['number', 'string'],
  schemaType: 'string',
  error: { message: '', params: ({ schemaCode }) => _`{format: ${schemaCode}}` },
  code(cxt, ruleType) {
    const check = formatChecks.get(cxt.schema as string)
    if (check === undefined || check.type !== ruleType) return
    cxt.pass(_`${runtimeFunction(cxt, check.module, check.export)}(${cxt.data})`)
  },
}

export const keywords: readonly CodeKeywordDefinition[] = [
  reference,
  anyOf,
  oneOf,
  variants,
  items,
  enumeration,
  uniqueItems,
  multipleOf,
  format,
]
