import { isObject, member } from '../model/json.ts'
import type { SpecNode } from '../model/spec-node.ts'

/** One of the schemas that hold at a place, and whether a reference led to it. */
interface Part {
  readonly node: SpecNode
  readonly referred: boolean
}

/** Keywords that say what a value is like; a schema with none of them beside its reference is the schema it refers to. */
const structural = [
  'type',
  'properties',
  'patternProperties',
  'additionalProperties',
  'required',
  'items',
  'prefixItems',
  'oneOf',
  'anyOf',
  'enum',
  'const',
  'format',
  'discriminator',
  'then',
  'else',
  'dependentSchemas',
]

/** All schemas that hold at once for a value: what is written there, `allOf` branches and what references name. */
export class SchemaView {
  readonly parts: readonly Part[]

  /** @param nodes schemas of the same value, e.g. of a property that several branches describe */
  constructor(nodes: readonly SpecNode[]) {
    const parts: Part[] = []
    const seen = new Set<unknown>()
    for (const node of nodes) collect(node, false, parts, seen)
    // What is written in place comes first: it may say more exactly what a shared schema leaves open.
    this.parts = [...parts.filter(({ referred }) => !referred), ...parts.filter(({ referred }) => referred)]
  }

  /** Every value of a keyword, in order. */
  all(keyword: string): SpecNode[] {
    return this.parts.flatMap(({ node }) => node.at(keyword) ?? [])
  }

  /** The branches of the first `oneOf` or `anyOf`, null aside. */
  alternatives(): SpecNode[] {
    const branches = [...this.all('oneOf'), ...this.all('anyOf')][0]?.items() ?? []
    return branches.filter((branch) => !isNull(branch))
  }

  /** Whether any of these keywords is there. */
  says(...keywords: readonly string[]): boolean {
    return this.parts.some(({ node }) => keywords.some((keyword) => node.at(keyword) !== undefined))
  }

  /** The first value of a keyword. */
  first(keyword: string): unknown {
    return this.all(keyword)[0]?.value
  }

  /**
   * The first value of a member of `xml`. An `xml` object may stand in any branch of `allOf`.
   * @param own leaves out what references name
   */
  xml(key: string, own = false): unknown {
    for (const { node, referred } of this.parts) {
      const value = own && referred ? undefined : member(node.at('xml')?.value, key)
      if (value !== undefined) return value
    }
    return undefined
  }

  /** Who names the element names its namespace too: the first `xml` object with either. */
  identity(own: boolean): { readonly name?: string; readonly namespace?: string; readonly prefix?: string } {
    for (const { node, referred } of this.parts) {
      const xml = node.at('xml')
      if (xml === undefined || (own && referred)) continue
      const name = given(xml, 'name')
      const namespace = given(xml, 'namespace')
      const prefix = given(xml, 'prefix')
      if (name === undefined && namespace === undefined && prefix === undefined) continue
      return {
        ...(name === undefined ? {} : { name }),
        ...(namespace === undefined ? {} : { namespace }),
        ...(prefix === undefined ? {} : { prefix }),
      }
    }
    return {}
  }

  /** The default namespace of what stands inside: of the first `xml` object that gives one and names nothing. */
  defaultNamespace(): string | undefined {
    for (const { node } of this.parts) {
      const xml = node.at('xml')
      if (xml === undefined || given(xml, 'name') !== undefined || given(xml, 'prefix') !== undefined) continue
      const namespace = given(xml, 'namespace')
      if (namespace !== undefined) return namespace
    }
    return undefined
  }

  /** Property key → the schemas that describe it. */
  properties(): Map<string, SpecNode[]> {
    const found = new Map<string, SpecNode[]>()
    for (const properties of this.all('properties')) {
      for (const [key, schema] of properties.entries()) {
        const known = found.get(key)
        if (known === undefined) found.set(key, [schema])
        else known.push(schema)
      }
    }
    return found
  }

  /** Property key → the schemas of it that hold under a condition; of keys that {@link properties} has not. */
  conditional(seen: ReadonlySet<unknown> = new Set()): Map<string, SpecNode[]> {
    const always = this.properties()
    const found = new Map<string, SpecNode[]>()
    const branches = [...this.all('then'), ...this.all('else')]
    for (const dependent of this.all('dependentSchemas'))
      for (const [, schema] of dependent.entries()) branches.push(schema)
    for (const branch of branches) {
      // A condition may lead to the schema it is a part of.
      if (seen.has(branch.value)) continue
      const view = new SchemaView([branch])
      for (const [key, schemas] of [...view.properties(), ...view.conditional(new Set([...seen, branch.value]))]) {
        if (!always.has(key)) found.set(key, [...(found.get(key) ?? []), ...schemas])
      }
    }
    return found
  }

  required(): ReadonlySet<string> {
    return new Set(this.all('required').flatMap((node) => node.items().flatMap((item) => item.string ?? [])))
  }
}

/** A text of an `xml` object. `##default` is what JAXB says for nothing, and generators write out. */
function given(xml: SpecNode, key: string): string | undefined {
  const text = xml.at(key)?.string
  return text === '##default' ? undefined : text
}

function collect(node: SpecNode, referred: boolean, parts: Part[], seen: Set<unknown>): void {
  if (!isObject(node.value) || seen.has(node.value)) return
  seen.add(node.value)
  parts.push({ node, referred })
  for (const branch of node.at('allOf')?.items() ?? []) collect(branch, referred, parts, seen)
  const target = node.reference === undefined ? undefined : node.tree.target(node.reference)
  if (target !== undefined) collect(target, true, parts, seen)
}

const prefix = '#/components/schemas/'

/** The component a reference names, unescaped. */
export function componentName(reference: string | undefined): string | undefined {
  if (reference === undefined || !reference.startsWith(prefix)) return undefined
  return reference.slice(prefix.length).replaceAll('~1', '/').replaceAll('~0', '~')
}

/** The component schema that these schemas are nothing but: a reference, with notes and `xml` beside it. */
export function soleComponent(nodes: readonly SpecNode[]): string | undefined {
  const found = new Set<string | undefined>()
  const visit = (node: SpecNode): void => {
    if (node.reference !== undefined) found.add(componentName(node.reference))
    else if (structural.some((keyword) => node.at(keyword) !== undefined)) found.add(undefined)
    if (node.reference !== undefined && structural.some((keyword) => node.at(keyword) !== undefined))
      found.add(undefined)
    for (const branch of node.at('allOf')?.items() ?? []) visit(branch)
  }
  for (const node of nodes) visit(node)
  const [only] = found
  return found.size === 1 ? only : undefined
}

/** Whether a schema admits null and nothing else. */
export function isNull(node: SpecNode): boolean {
  const { value } = node.resolve()
  return isObject(value) && (value['type'] === 'null' || value['const'] === null)
}
