import { isObject } from '../../model/json.ts'
import { pointerTokens } from '../../model/place.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import type { Reporter } from '../../report/reporter.ts'
import type { Found, Survey } from '../survey.ts'
import { since } from '../version.ts'
import { Findings } from './findings.ts'
import { fits } from './fits.ts'
import { grammar } from './grammar.ts'
import type { Field, Shape } from './shape.ts'

interface Task {
  readonly node: SpecNode
  readonly shape: Shape
  readonly prose: boolean
  readonly parent: Found | undefined
  readonly key: string | number
}

/**
 * Compares the document with the grammar, reports where they differ, and hands every object it meets to the survey.
 * References are not followed: what they name stands in `components` and is met there. An explicit stack, since documents
 * nest deeper than a call stack; an object shared by YAML aliases is looked at once for each kind it is used as.
 */
export function walk(survey: Survey, reporter: Reporter): void {
  const findings = new Findings(reporter)
  const seen = new Map<unknown, Set<string>>()
  const stack: Task[] = [
    { node: survey.tree.root, shape: { is: 'object', kind: 'document' }, prose: false, parent: undefined, key: '' },
  ]

  while (stack.length > 0) {
    const task = stack.pop()!
    const children = open(task)
    for (let index = children.length - 1; index >= 0; index--) stack.push(children[index]!)
  }

  function open(task: Task): Task[] {
    const { node, shape, prose, parent, key } = task
    switch (shape.is) {
      case 'any':
        return []
      case 'either': {
        const fit = shape.of.find((alternative) => fits(alternative, node.value))
        if (fit !== undefined) return open({ ...task, shape: fit })
        // Of alternatives that are all text or lists of it, the first explains best: an unknown `type`.
        const near = shape.of.find((alternative) => alternative.is === 'text' && typeof node.value === 'string')
        findings.wrong(node, near ?? shape, prose)
        return []
      }
      case 'list': {
        if (!fits(shape, node.value)) return findings.wrong(node, shape, prose)
        return node.items().map((item, index) => ({ node: item, shape: shape.of, prose, parent, key: index }))
      }
      case 'map': {
        if (!fits(shape, node.value)) return findings.wrong(node, shape, prose)
        if (isProperties(task)) return node.entries().flatMap(([name, entry]) => property(task, name, entry))
        const entries = node.entries().filter(([name]) => shape.open !== true || !name.startsWith('x-'))
        return entries.map(([name, entry]) => ({ node: entry, shape: shape.of, prose, parent, key: name }))
      }
      case 'object': {
        if (!fits(shape, node.value)) return findings.wrong(node, shape, prose)
        const kinds = seen.get(node.value) ?? new Set()
        seen.set(node.value, kinds)
        const use = prose ? `${shape.kind}?` : shape.kind
        if (kinds.has(use)) return []
        kinds.add(use)
        const refers = node.reference !== undefined && shape.kind !== 'schema'
        const proxy = node.at('x-proxy')
        if (proxy !== undefined) {
          survey.proxies.push({ node: proxy, owner: node, kind: refers ? 'link' : shape.kind, compiled: !prose })
        }
        if (refers) return []
        const found: Found = { node, kind: shape.kind, key, parent, prose }
        survey.add(found)
        return members(found)
      }
      default:
        if (!fits(shape, node.value)) findings.wrong(node, shape, prose, parent?.kind === 'schema' ? key : undefined)
        return []
    }
  }

  /** A keyword put among the properties, and a property with nothing in it, are slips that leave any value allowed. */
  function property(task: Task, name: string, entry: SpecNode): Task[] {
    const keyword = Object.hasOwn(grammar.schema.fields, name) ? grammar.schema.fields[name] : undefined
    if (entry.value === null) findings.empty(entry, name)
    else if (keyword?.shape.is === 'list' && Array.isArray(entry.value)) findings.misplaced(entry, name)
    else return [{ ...task, node: entry, shape: task.shape.is === 'map' ? task.shape.of : task.shape, key: name }]
    return []
  }

  function members(found: Found): Task[] {
    const { node, kind, prose } = found
    const { called, fields, rest, anyMember, closed } = grammar[kind]
    const tasks: Task[] = []
    const value = node.value as Record<string, unknown>
    for (const key of Object.keys(value)) {
      if (key.startsWith('x-') && closed !== true) continue
      const known: Field | undefined = Object.hasOwn(fields, key)
        ? fields[key]
        : rest === undefined
          ? undefined
          : { shape: rest }
      if (known === undefined) {
        findings.unknown(node, key, Object.keys(fields), called, anyMember === true)
        continue
      }
      if (known.since !== undefined && !since(survey, known.since) && isWritten(node, key))
        findings.newer(node, key, called, known.since)
      // Most members are sound scalars: no node is made for them.
      const written = value[key]
      if (!isObject(written) && !Array.isArray(written) && fits(known.shape, written)) continue
      if (known.slip !== undefined && fits(known.slip, written)) {
        findings.slip(node.at(key)!, key, known.shape)
        continue
      }
      tasks.push({ node: node.at(key)!, shape: known.shape, prose: prose || known.prose === true, parent: found, key })
    }
    for (const [key, { need, prose: advice }] of Object.entries(fields)) {
      if (need === undefined || (Object.hasOwn(value, key) && value[key] !== null)) continue
      findings.missing(node, key, called, need === 'must' && !prose && advice !== true)
    }
    return tasks
  }
}

/** Reading moves what is referred to into sections that the author need not have. */
function isWritten(node: SpecNode, key: string): boolean {
  return pointerTokens(node.placeOf(key, 'key').pointer).at(-1) === key
}

function isProperties({ parent, key }: Task): boolean {
  return parent?.kind === 'schema' && key === 'properties'
}
