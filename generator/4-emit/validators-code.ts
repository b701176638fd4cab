import type { KeywordCxt } from 'ajv'
import { Name } from 'ajv/dist/compile/codegen/index.js'

/** Variables of every function that ajv writes. */
export const instancePath = new Name('instancePath')
export const errors = new Name('errors')
export const vErrors = new Name('vErrors')

/** A function of the runtime that emitted code calls; the module's assembly turns it into an import. */
export class RuntimeFunction {
  readonly module: string
  readonly name: string

  constructor(module: string, name: string) {
    this.module = module
    this.name = name
  }
}

export function runtimeFunction({ gen }: KeywordCxt, module: string, name: string): Name {
  return gen.scopeValue('func', { key: name, ref: new RuntimeFunction(module, name) })
}

/** JSON as code. As a literal, a member called `__proto__` would set a prototype. */
export function jsonLiteral(value: unknown): string {
  const text = JSON.stringify(value).replace(/[\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`)
  return text.includes('__proto__') ? `JSON.parse(${JSON.stringify(text)})` : text
}
