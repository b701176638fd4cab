import type { AnySchema } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { nil } from 'ajv/dist/compile/codegen/index.js'
import { ValueScopeName } from 'ajv/dist/compile/codegen/scope.js'
import { engineOf } from '../model/pattern/engine.ts'
import { guarded } from './validators-circles.ts'
import { jsonLiteral, RuntimeFunction } from './validators-code.ts'
import { errorsPerLoop, keywords } from './validators-keywords.ts'
import { flagsOf } from './validators-prepare.ts'
import { tidy } from './validators-tidy.ts'

/** A function of the emitted module, and what it needs beside the other functions. */
export interface CompiledUnit {
  readonly name: string
  /** `function name(data, instancePath="") {…}`, and what must stand after it. */
  readonly code: string
  /** Constants it uses: patterns, long lists. */
  readonly constants: readonly { readonly name: string; readonly code: string }[]
  readonly imports: readonly RuntimeFunction[]
}

/** What ajv would import of itself, and what stands in for it. */
const ajvHelpers: ReadonlyMap<string, RuntimeFunction> = new Map([
  ['require("ajv/dist/runtime/ucs2length").default', new RuntimeFunction('validation/ucs2length', 'ucs2length')],
  ['require("ajv/dist/runtime/equal").default', new RuntimeFunction('validation/equal', 'equal')],
])

/** Compiles schemas one by one: none is inlined into another, so that code grows as the document does. */
export class Compiler {
  readonly #plain: Ajv2020
  /** Own members only, where a schema names a member that every object inherits: `required: [constructor]`. */
  readonly #own: Ajv2020
  #current = ''

  constructor(unevaluated: boolean) {
    this.#plain = this.#engine(unevaluated, false)
    this.#own = this.#engine(unevaluated, true)
  }

  /** @param isCircular whether the function may be called for the value it is judging already */
  compile(name: string, schema: AnySchema, isCircular = false): CompiledUnit {
    this.#current = name
    const engine = namesInheritedMember(schema) ? this.#own : this.#plain
    // ajv keeps what it has compiled by schema, and all `true` are one: an object is compiled each time.
    const { source } = engine.compile(typeof schema === 'boolean' ? { allOf: [schema] } : schema)
    if (source === undefined) throw new Error('ajv gave no source')
    const imports: RuntimeFunction[] = []
    const constants: CompiledUnit['constants'][number][] = []
    let code = tidy(bounded(terse(source.validateCode.toString()))).replace(
      signature,
      (_, functionName: string) => `function ${functionName}(data, instancePath=""){`,
    )
    if (isCircular) code = guarded(name, code)
    for (const scoped of Object.values(source.scopeValues).flatMap((names) => [...(names ?? [])])) {
      const { str, value } = scoped
      if (value === undefined || str === name || !new RegExp(`\\b${str}\\b`).test(code)) continue
      if (value.ref instanceof RuntimeFunction) imports.push(value.ref)
      else if (scoped.prefix === 'schema') code = withParts(code, str, value.ref, constants)
      else {
        const pattern = patternCode(String(value.code))
        if (pattern.import !== undefined) imports.push(pattern.import)
        constants.push({ name: str, code: pattern.code })
      }
    }
    if (source.evaluated !== undefined) code += `${name}.evaluated = ${String(source.evaluated)};\n`
    return { name, code, constants, imports }
  }

  #engine(unevaluated: boolean, ownProperties: boolean): Ajv2020 {
    const ajv = new Ajv2020({
      strict: false,
      allErrors: true,
      messages: false,
      meta: false,
      validateSchema: false,
      addUsedSchema: false,
      inlineRefs: false,
      logger: false,
      ownProperties,
      code: { source: true, esm: true, lines: true, optimize: false, regExp: forgivingRegExp, process: notRun },
    })
    // Tracking what has been evaluated costs every union its short cut, so only documents that ask for it pay.
    Object.assign(ajv.opts, { unevaluated, dynamicRef: false })
    for (const definition of keywords) {
      ajv.removeKeyword(definition.keyword as string)
      ajv.addKeyword(definition)
    }
    this.#nameAfterUnits(ajv)
    return ajv
  }

  /**
   * Functions are called what planning calls them, and constants after the function that needs them: a schema more in the
   * document does not rename everything after it.
   */
  #nameAfterUnits(ajv: Ajv2020): void {
    const counts = new Map<string, number>()
    const { scope } = ajv
    scope.name = (prefix) => {
      if (prefix === 'validate') return new ValueScopeName(prefix, this.#current)
      const base = `${prefix}_${this.#current}`
      const count = counts.get(base) ?? 0
      counts.set(base, count + 1)
      return new ValueScopeName(prefix, `${base}_${count}`)
    }
    const value = scope.value.bind(scope)
    scope.value = (nameOrPrefix, given) => {
      const helper = given.ref instanceof RuntimeFunction ? given.ref : ajvHelpers.get(String(given.code))
      if (helper === undefined) return value(nameOrPrefix, given)
      return value(new ValueScopeName('func', helper.name), { key: helper.name, ref: helper, code: nil })
    }
  }
}

const signature =
  /^(?:\s*)function ([\w$]+)\(data, \{instancePath="", parentData, parentDataProperty, rootData=data\}=\{\}\)\{/

/** ajv notes an error in eight lines; no text of a schema holds a line break, so one can be matched by lines. */
function terse(code: string): string {
  return code.replace(
    /const (err\d+) = (\{.*\});\nif\(vErrors === null\)\{\nvErrors = \[\1\];\n\}\nelse \{\nvErrors\.push\(\1\);\n\}\nerrors\+\+;/g,
    '(vErrors ??= []).push($2); errors++;',
  )
}

/**
 * Where ajv looks something up in the schema at run time, only that part becomes a constant: the schema itself is not
 * needed there.
 */
function withParts(
  code: string,
  name: string,
  schema: unknown,
  constants: { readonly name: string; readonly code: string }[],
): string {
  const parts = new Map<string, string>()
  const access = new RegExp(
    `"(?:[^"\\\\]|\\\\.)*"|\\b${name}((?:\\.[A-Za-z_$][\\w$]*|\\["(?:[^"\\\\]|\\\\.)*"\\]|\\[\\d+\\])+)`,
    'g',
  )
  return code.replace(access, (text, path?: string) => {
    if (path === undefined) return text
    const known = parts.get(path)
    if (known !== undefined) return known
    const tokens = [...path.matchAll(/\.([\w$]+)|\[("(?:[^"\\]|\\.)*"|\d+)\]/g)].map(([, member, index]) =>
      member === undefined ? String(JSON.parse(index!)) : member,
    )
    const value = tokens.reduce<unknown>((at, token) => (at as { readonly [key: string]: unknown })[token], schema)
    // Of declared members only the names are asked for.
    const isNames = tokens.at(-1) === 'properties'
    const literal = isNames ? Object.fromEntries(Object.keys(value as object).map((key) => [key, 1])) : value
    const part = `${name}_${parts.size}`
    parts.set(path, part)
    constants.push({ name: part, code: jsonLiteral(literal) })
    return part
  })
}

/** Member loops stop when they have found enough: a body full of unknown members must not become as many errors. */
function bounded(code: string): string {
  return code.replace(/"(?:[^"\\]|\\.)*"|for\(const (key\d+) in (data\d*)\)\{/g, (text, key?: string, data?: string) =>
    key === undefined
      ? text
      : `const before_${key} = errors;\nfor(const ${key} in ${data}){\nif(errors - before_${key} >= ${errorsPerLoop}) break;`,
  )
}

/** What ajv would make a function of: only the source is wanted here. */
const notRun = (): string => 'return () => true'

/** A pattern that is none under the flag `u` is compiled without it (ECMA-262 annex B). */
const forgivingRegExp = Object.assign(
  (pattern: string, _flags: string): RegExp => new RegExp(pattern, flagsOf(pattern) ?? 'u'),
  { code: 'new RegExp' },
)

const linearPattern = new RuntimeFunction('validation/linear-pattern', 'linearPattern')

const boundedPattern = new RuntimeFunction('validation/bounded-pattern', 'boundedPattern')

/** What runs a pattern that ajv would run with RegExp: see `model/pattern/engine.ts`. */
function patternCode(code: string): { readonly code: string; readonly import?: RuntimeFunction } {
  const [, literal] = /^new RegExp\(("(?:[^"\\]|\\.)*"), "u"\)$/.exec(code) ?? []
  if (literal === undefined) return { code }
  const pattern = JSON.parse(literal) as string
  const flags = flagsOf(pattern)
  const engine = engineOf(pattern)
  if (engine.kind === 'automaton') {
    const given = `${literal}, "${flags}", ${engine.upTo}, ${JSON.stringify(engine.automaton)}`
    return { code: `linearPattern(${given})`, import: linearPattern }
  }
  if (engine.kind === 'bounded') {
    return { code: `boundedPattern(${literal}, "${flags}", ${engine.upTo})`, import: boundedPattern }
  }
  return { code: flags === '' ? `new RegExp(${literal})` : code }
}

const inherited = new Set(Object.getOwnPropertyNames(Object.prototype))

/** Whether a schema speaks of a member that objects have without having it. */
function namesInheritedMember(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.some(namesInheritedMember)
  if (typeof schema === 'string') return inherited.has(schema)
  if (typeof schema !== 'object' || schema === null) return false
  return Object.entries(schema).some(([key, value]) => inherited.has(key) || namesInheritedMember(value))
}
