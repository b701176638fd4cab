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
  const parts: TemplatePart[] = []
  for (const [, literal, expression] of text.matchAll(/([^{}]+)|\{([^{}]*)\}/g)) {
    const part = literal ?? lowerPart(expression!, contract)
    if (part === undefined) return { problem: `"{${expression}}" is no value of this operation: ${templateWords}` }
    parts.push(part)
  }
  return /[{}]/.test(text.replace(/\{[^{}]*\}/g, '')) ? { problem: 'has a brace without its other half' } : parts
}

function lowerPart(expression: string, contract: OperationContract): TemplatePart | undefined {
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
