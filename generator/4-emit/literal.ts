import { CallPlan, Reference, type Value } from '../model/service-plan.ts'
import { Code, scalarLiteral } from './code.ts'

/** Longer lines are broken, as a formatter would. */
const width = 110

/** How references and calls read in the file at hand: its imports are its own business. */
export interface Resolver {
  reference(reference: Reference): Code
  callee(call: CallPlan): Code
}

/**
 * Prints plan data as a TypeScript expression: on one line where it fits, else a member a line.
 * @param column how many characters stand before it on its first line
 */
export function literal(value: Value, resolver: Resolver, indent = '', column = indent.length): Code {
  return Code.trusted(print(value, resolver, indent, column))
}

function print(value: Value, resolver: Resolver, indent: string, column: number): string {
  if (value === undefined) return 'undefined'
  if (value === null || typeof value !== 'object') return scalarLiteral(value)
  if (value instanceof Reference) return resolver.reference(value).text
  const flat = printFlat(value, resolver, width - column)
  return flat ?? printBroken(value, resolver, indent)
}

/** On one line, or undefined where that is longer than `room`. */
function printFlat(value: Value, resolver: Resolver, room: number): string | undefined {
  if (room < 0) return undefined
  if (value === undefined) return 'undefined'
  if (value === null || typeof value !== 'object') return within(scalarLiteral(value), room)
  if (value instanceof Reference) return within(resolver.reference(value).text, room)
  const { open, close, members } = shape(value, resolver)
  const parts: string[] = []
  let left = room - open.length - close.length
  for (const { prefix, value: item } of members) {
    const text = printFlat(item, resolver, left - prefix.length)
    if (text === undefined) return undefined
    const part = printMember(prefix, item, text)
    parts.push(part)
    left -= part.length + 2
  }
  if (parts.length === 0) return within(open + close, room)
  const inner = parts.join(', ')
  return within(open === '{' ? `{ ${inner} }` : open + inner + close, room)
}

function within(text: string, room: number): string | undefined {
  return text.length <= room ? text : undefined
}

function printBroken(value: object, resolver: Resolver, indent: string): string {
  const { open, close, members } = shape(value as Value & object, resolver)
  // A call with one argument keeps its brackets on the lines of the argument's: `cache({ … })`.
  if (value instanceof CallPlan && members.length === 1) {
    return open + print(members[0]!.value, resolver, indent, indent.length + open.length + close.length) + close
  }
  const inner = `${indent}  `
  const lines = members.map(({ prefix, value: item }) => {
    const text = print(item, resolver, inner, inner.length + prefix.length + 1)
    return `${inner}${printMember(prefix, item, text)},`
  })
  return [open, ...lines, indent + close].join('\n')
}

/** A reference under its own name is written once: `schema`, not `schema: schema`. */
function printMember(prefix: string, value: Value, text: string): string {
  return value instanceof Reference && prefix === `${text}: ` ? text : prefix + text
}

interface Shape {
  readonly open: string
  readonly close: string
  readonly members: readonly { readonly prefix: string; readonly value: Value }[]
}

function shape(value: Value & object, resolver: Resolver): Shape {
  if (value instanceof CallPlan) {
    const members = value.args.map((item) => ({ prefix: '', value: item }))
    return { open: `${resolver.callee(value).text}(`, close: ')', members }
  }
  if (Array.isArray(value)) {
    return { open: '[', close: ']', members: value.map((item: Value) => ({ prefix: '', value: item })) }
  }
  const members = Object.entries(value as { [key: string]: Value })
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => ({ prefix: `${printKey(key)}: `, value: item }))
  return { open: '{', close: '}', members }
}

/** `__proto__: x` would set the prototype; computed, it is a member like any other. */
function printKey(key: string): string {
  if (key === '__proto__') return "['__proto__']"
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(key) ? key : scalarLiteral(key)
}
