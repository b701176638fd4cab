import type { Template, TemplatePart } from '../../runtime/core/template.ts'
import type { OperationContract } from '../model/contract.ts'
import { isObject } from '../model/json.ts'

/** A template in words, for `pattern` and messages. */
export const templateWords = 'path.<name>, query.<name>, header.<Name>, consumer.id or consumer.plan'

/**
 * `order:{path.orderId}` as the runtime fills it for an operation.
 * @returns what is wrong with it, where the operation has no such value
 */
export function lowerTemplate(text: string, contract: OperationContract): Template | { readonly problem: string } {
  return lowerText(text, (expression) => templatePart(expression, contract), templateWords)
}

/**
 * Text with values in braces as its parts.
 * @param part a value by its name; undefined where there is none
 * @param words which values there are
 */
export function lowerText<Part>(
  text: string,
  part: (expression: string) => Part | undefined,
  words: string,
): readonly (string | Part)[] | { readonly problem: string } {
  const parts: (string | Part)[] = []
  for (const [, literal, expression] of text.matchAll(/([^{}]+)|\{([^{}]*)\}/g)) {
    const found = literal ?? part(expression!)
    if (found === undefined) return { problem: `"{${expression}}" is no value of this operation: ${words}` }
    parts.push(found)
  }
  return /[{}]/.test(text.replace(/\{[^{}]*\}/g, '')) ? { problem: 'has a brace without its other half' } : parts
}

/** `path.orderId`, `query.q`, `header.Accept`, `consumer.id`. */
export function templatePart(
  expression: string,
  contract: OperationContract,
): Exclude<TemplatePart, string> | undefined {
  const dot = expression.indexOf('.')
  const [kind, name] = [expression.slice(0, dot), expression.slice(dot + 1)]
  if (dot === -1 || name === '') return undefined
  if (kind === 'header') return { header: name.toLowerCase() }
  if (kind === 'consumer') return name === 'id' || name === 'plan' ? { consumer: name } : undefined
  if (kind === 'path') {
    const index = [...contract.path.matchAll(/\{([^}]+)\}/g)].findIndex(([, variable]) => variable === name)
    return index === -1 ? undefined : { path: index }
  }
  const parameter = contract.parameters.find((one) => one.in === 'query' && one.name === name)
  if (kind !== 'query' || parameter === undefined) return undefined
  const schema = parameter.schema?.resolve().value
  const fallback = isObject(schema) ? schema['default'] : undefined
  const isScalar = ['string', 'number', 'boolean'].includes(typeof fallback)
  return { query: name, ...(isScalar ? { default: String(fallback) } : {}) }
}
