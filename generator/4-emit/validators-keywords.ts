import type { CodeKeywordDefinition, KeywordCxt } from 'ajv'
import { _Code } from 'ajv/dist/compile/codegen/code.js'
import { _, type Code, Name, strConcat } from 'ajv/dist/compile/codegen/index.js'
import { mergeEvaluated, Type } from 'ajv/dist/compile/util.js'
import { errors, instancePath, jsonLiteral, runtimeFunction, vErrors } from './validators-code.ts'
import { formatChecks } from './validators-formats.ts'
import { anyOf, oneOf, variants } from './validators-unions.ts'

/*
 * Keywords that ajv compiles in another way than a proxy on the open internet needs: references without inlining, unions
 * that say what the nearest branch lacks, loops that stop when enough is wrong, and formats, equality and multiples by
 * functions of our own runtime.
 */

/** A loop over items or members ends when it has found this many errors: an answer shows at most as many. */
export const errorsPerLoop = 50

/** `$ref` holds the name of an emitted function: each component schema is one, however often it is used. */
const reference: CodeKeywordDefinition = {
  keyword: '$ref',
  schemaType: 'string',
  code(cxt) {
    const { gen, it, data } = cxt
    const target = new Name(cxt.schema as string)
    const path = strConcat(instancePath, it.errorPath)
    cxt.result(
      cxt.parentSchema['again'] === true ? _`${target}(${data}, ${path}, true)` : _`${target}(${data}, ${path})`,
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
