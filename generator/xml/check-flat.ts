import type { XmlRoot, XmlShape } from '../../runtime/xml/shape.ts'
import { isObject } from '../model/json.ts'
import { Reference } from '../model/service-plan.ts'
import type { SharedShapes } from './plan-shapes.ts'
import type { Node, Value } from './plan-value.ts'

/** The property, as a path of keys, and what is the matter with it. */
type Report = (property: string, problem: string) => void

/**
 * Properties without an element of their own (OpenAPI 3.2 §4.26.1, `nodeType: none`) can be converted where each element
 * and attribute of the object outside belongs to one member. Told once each.
 * @param reads XML is read: then the element alone has to tell; a writer has the JSON to choose by
 */
export function checkFlat(
  root: XmlRoot<Reference<XmlShape>>,
  shapes: SharedShapes,
  reads: boolean,
  report: Report,
): void {
  const sound = shapes.sound(reads)
  const seen = new Set<unknown>()
  let isSound = true
  const tell: Report = (property, problem) => {
    isSound = false
    report(property, problem)
  }
  const pending: unknown[] = [root.value]
  while (pending.length > 0) {
    const next = pending.pop()
    const value = next instanceof Reference ? shapes.planOf(next as Reference<XmlShape>) : next
    if (typeof value !== 'object' || value === null || seen.has(value) || sound.has(value)) continue
    seen.add(value)
    if (isObject(value) && isObject(value['properties'])) {
      const nodes = Object.values(value['properties']) as Node[]
      if (nodes.some(({ node }) => node === 'none')) new Claims(shapes, reads, tell).ofObject(value as never, '')
    }
    if (isObject(value) && isObject(value['items']) && value['items']['node'] === 'none') {
      tell('items', 'where one item ends and the next begins cannot be told')
    }
    pending.push(...Object.values(value))
  }
  if (isSound) for (const value of seen) sound.add(value as object)
}

interface Claim {
  readonly kind: string
  readonly local: string
  readonly namespace: string | undefined
  readonly path: string
  readonly isFlat: boolean
}

type ObjectPlan = Extract<Value, { type: 'object' }>

/** What the members of one element are found by. */
class Claims {
  readonly #shapes: SharedShapes
  readonly #reads: boolean
  readonly #report: Report
  readonly #made: Claim[] = []
  /** The references that led here: an object that holds itself has no end without an element. */
  readonly #open: unknown[] = []

  constructor(shapes: SharedShapes, reads: boolean, report: Report) {
    this.#shapes = shapes
    this.#reads = reads
    this.#report = report
  }

  ofObject(object: ObjectPlan, path: string): void {
    const isFlat = path !== ''
    if (object.additional !== undefined) this.#claim('any other element', '', undefined, path, isFlat)
    if (isFlat && object.patterns !== undefined) this.#report(path, 'its members are known by patterns only')
    for (const [key, node] of Object.entries(object.properties)) {
      const own = isFlat ? `${path}/${key}` : key
      if (node.node === 'none') this.#ofFlat(node, own)
      else this.#ofNode(node, key, own, isFlat)
    }
  }

  #ofFlat(node: Value, path: string): void {
    if ('recurse' in node) {
      this.#report(path, 'it may hold itself')
      return
    }
    const value = 'shape' in node ? this.#shapes.planOf(node.shape) : node
    if (value === undefined || !('type' in value) || this.#open.includes(value)) {
      this.#report(path, 'it may hold itself')
      return
    }
    if (value.type === 'oneOf') {
      if (this.#reads) this.#report(path, 'it may have one of several schemas, which share no element that tells')
      return
    }
    this.#open.push(value)
    if (value.type === 'object') this.ofObject(value, path)
    else if (value.type === 'tuple') {
      if (value.items !== undefined) this.#report(path, 'what follows its first items has no end')
      const key = path.slice(path.lastIndexOf('/') + 1)
      value.places.forEach((place, i) => {
        this.#ofNode(place, key, `${path}/${i}`, true)
      })
    } else this.#report(path, 'no schema says which elements it has')
    this.#open.pop()
  }

  #ofNode(node: Node, key: string, path: string, isFlat: boolean): void {
    if (node.node === 'text' || node.node === 'cdata') {
      this.#claim('text', '', undefined, path, isFlat)
      return
    }
    const isBare = 'type' in node && node.type === 'array' && node.wrapped !== true && node.items.name !== undefined
    const { name = key, namespace } = isBare && 'items' in node ? (node.items as Node) : node
    const local = name.slice(name.indexOf(':') + 1)
    this.#claim(node.node === 'attribute' ? 'attribute' : 'element', local, namespace, path, isFlat)
  }

  #claim(kind: string, local: string, namespace: string | undefined, path: string, isFlat: boolean): void {
    const rival = this.#made.find(
      (other) =>
        other.kind === kind &&
        other.local === local &&
        (isFlat || other.isFlat) &&
        (namespace === undefined || other.namespace === undefined || other.namespace === namespace),
    )
    this.#made.push({ kind, local, namespace, path, isFlat })
    if (rival === undefined) return
    const what = local === '' ? kind : `the ${kind} "${local}"`
    const flat = isFlat ? path : rival.path
    const [one, other] = [rival.path, path].map((each) => (each === '' ? 'what is round it' : `"${each}"`))
    // A claim of the object itself is on whatever is left over.
    this.#report(local === '' && kind !== 'text' ? flat : ownerOf(flat), `${what} may belong to ${one} or to ${other}`)
  }
}

function ownerOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}
