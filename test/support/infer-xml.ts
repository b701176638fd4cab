import { SaxesParser } from 'saxes'

/** A document as somebody without a plan reads it: for an oracle that shares nothing with what it judges. */
export interface Tree {
  readonly uri: string
  readonly local: string
  readonly attributes: readonly { readonly uri: string; readonly local: string; readonly value: string }[]
  readonly children: readonly (Tree | string)[]
}

export interface Inferred {
  readonly schema: object
  /** The JSON of an element that has the schema, numbers as `{ digits }`. */
  decode(tree: Tree): unknown
}

const instance = 'http://www.w3.org/2001/XMLSchema-instance'
const ofNamespaces = 'http://www.w3.org/2000/xmlns/'

/** @throws Error where it is not well-formed */
export function treeOfXml(xml: string): Tree {
  const root = { uri: '', local: '', attributes: [], children: [] as (Tree | string)[] }
  const stack: { children: (Tree | string)[] }[] = [root]
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ uri, local, attributes }) => {
    const own = Object.values(attributes).filter((one) => one.uri !== ofNamespaces && one.uri !== instance)
    const tree = { uri, local, attributes: own, children: [], isNil: Object.values(attributes).some(isNil) }
    stack.at(-1)!.children.push(tree)
    stack.push(tree)
  })
  parser.on('closetag', () => void stack.pop())
  const text = (piece: string): void => void (stack.length > 1 && stack.at(-1)!.children.push(piece))
  parser.on('text', text)
  parser.on('cdata', text)
  parser.write(xml).close()
  return root.children.find((child) => typeof child !== 'string')!
}

function isNil({ uri, local, value }: { uri: string; local: string; value: string }): boolean {
  return uri === instance && local === 'nil' && /^\s*(?:true|1)\s*$/.test(value)
}

export const elementsOf = ({ children }: Tree): Tree[] => children.filter((child) => typeof child !== 'string')
const textOf = ({ children }: Tree): string => children.filter((child) => typeof child === 'string').join('')
const nameOf = ({ uri, local }: { uri: string; local: string }): string => `{${uri}}${local}`
const wasNil = (tree: Tree): boolean => 'isNil' in tree && tree.isNil === true

/** The schema of all these elements, as an author would write it who has seen no others. */
export function inferXml(all: readonly Tree[]): Inferred {
  const trees = all.filter((tree) => !wasNil(tree))
  const plain = trees.every((tree) => elementsOf(tree).length === 0 && tree.attributes.length === 0)
  const { schema, decode } = plain ? inferScalar(trees.map(textOf)) : inferObject(trees)
  if (trees.length === all.length) return { schema, decode }
  const { type } = schema as { type: string }
  return { schema: { ...schema, type: [type, 'null'] }, decode: (tree) => (wasNil(tree) ? null : decode(tree)) }
}

function inferScalar(texts: readonly string[]): Inferred {
  const every = (form: RegExp): boolean => texts.length > 0 && texts.every((text) => form.test(text))
  if (every(/^\s*(?:true|false)\s*$/)) {
    return { schema: { type: 'boolean' }, decode: (tree) => textOf(tree).trim() === 'true' }
  }
  const digits = (tree: Tree): unknown => ({ digits: textOf(tree).trim() })
  if (every(/^\s*-?(?:0|[1-9]\d*)\s*$/)) return { schema: { type: 'integer' }, decode: digits }
  if (every(/^\s*-?(?:0|[1-9]\d*)(?:\.\d+)?\s*$/)) return { schema: { type: 'number' }, decode: digits }
  return { schema: { type: 'string' }, decode: textOf }
}

interface Property {
  readonly key: string
  readonly schema: object
  decode(tree: Tree): unknown
}

function inferObject(trees: readonly Tree[]): Inferred {
  const properties: Property[] = []
  const keys = new Set<string>()
  const keyFor = (wanted: string): string => {
    let key = wanted
    for (let i = 2; keys.has(key); i++) key = `${wanted}${i}`
    keys.add(key)
    return key
  }
  const attributes = trees.flatMap((tree) => tree.attributes)
  for (const [name, one] of new Map(attributes.map((one) => [nameOf(one), one]))) {
    const xml = { name: one.local, attribute: true, ...(one.uri === '' ? {} : { namespace: one.uri }) }
    const decode = (tree: Tree): unknown => tree.attributes.find((other) => nameOf(other) === name)?.value
    properties.push({ key: keyFor(one.local), schema: { type: 'string', xml }, decode })
  }
  const children = trees.flatMap(elementsOf)
  for (const [name, { uri, local }] of new Map(children.map((one) => [nameOf(one), one]))) {
    const mine = (tree: Tree): Tree[] => elementsOf(tree).filter((child) => nameOf(child) === name)
    const { schema, decode } = inferXml(children.filter((child) => nameOf(child) === name))
    const xml = { name: local, ...(uri === '' ? {} : { namespace: uri }) }
    const isList = trees.some((tree) => mine(tree).length > 1)
    properties.push({
      key: keyFor(local),
      schema: isList ? { type: 'array', items: { ...schema, xml } } : { ...schema, xml },
      decode: (tree) => {
        const found = mine(tree)
        if (found.length === 0) return undefined
        return isList ? found.map(decode) : decode(found[0]!)
      },
    })
  }
  if (trees.some((tree) => textOf(tree).trim() !== '')) {
    const decode = (tree: Tree): unknown => (textOf(tree).trim() === '' ? undefined : textOf(tree))
    properties.push({ key: keyFor('text'), schema: { type: 'string', xml: { nodeType: 'text' } }, decode })
  }
  return {
    schema: { type: 'object', properties: Object.fromEntries(properties.map(({ key, schema }) => [key, schema])) },
    decode: (tree) =>
      Object.fromEntries(
        properties.flatMap(({ key, decode }) => {
          const value = decode(tree)
          return value === undefined ? [] : [[key, value]]
        }),
      ),
  }
}
