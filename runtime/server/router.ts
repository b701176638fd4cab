import type { Operation } from '../core/operation.ts'
import { Recall } from '../core/recall.ts'
import type { RequestTarget } from './request-target.ts'
import { type Capture, type SegmentPattern, segmentPattern } from './segment-pattern.ts'

/** What a path and method lead to. */
export type Match =
  | { readonly kind: 'operation'; readonly operation: Operation; readonly pathValues: readonly string[] }
  | { readonly kind: 'unknown-path' }
  /** `allow`: the value of the `Allow` field (RFC 9110 §10.2.1). */
  | { readonly kind: 'unknown-method'; readonly allow: string }

export interface Router {
  /** Every operation, in the order of the table. */
  readonly operations: readonly Operation[]
  /** Every method some path declares: `GET, HEAD, POST`. */
  readonly methods: string
  /** @param path raw and already checked: percent-encoding intact, no query */
  find(method: string, path: string): Match
  /** Targets of late, by what was sent. */
  readonly recent: Recall<RequestTarget>
}

/** Operations by path template and upper-case method. Templates include the base path. */
export type RouteTable = Readonly<Record<string, Readonly<Record<string, Operation>>>>

interface Node {
  readonly literals: Map<string, Node>
  /** Segments with variables, the most literal first. */
  readonly templated: { readonly pattern: SegmentPattern; readonly node: Node }[]
  /** What the templates that end here declare, and what follows from that. */
  declared: Readonly<Record<string, Operation>>
  item: PathItem | undefined
}

interface PathItem {
  readonly operations: Map<string, Operation>
  readonly allow: string
}

const unknownPath: Match = { kind: 'unknown-path' }

/**
 * Compiles a table into a trie of segments. A lookup costs what the path is long, not what the table is: each node is
 * met at most once, so stepping back from a literal that leads nowhere to a templated sibling stays bounded.
 */
export function router(table: RouteTable): Router {
  const root = newNode()
  const operations: Operation[] = []
  for (const [template, methods] of Object.entries(table)) {
    for (const operation of pathItem(methods).operations.values()) operations.push(...(operation.among ?? [operation]))
    insert(root, template, methods)
  }
  const methods = new Set(operations.map(({ method }) => method))
  if (methods.has('GET')) methods.add('HEAD')
  return {
    operations,
    methods: [...methods].join(', '),
    find: (method, path) => find(root, method, path),
    recent: new Recall(),
  }
}

function newNode(): Node {
  return { literals: new Map(), templated: [], declared: {}, item: undefined }
}

function pathItem(methods: Readonly<Record<string, Operation>>): PathItem {
  const operations = new Map(Object.entries(methods))
  // RFC 9110 §9.3.8: echoing a request, credentials included, is nothing a proxy should do for strangers.
  operations.delete('TRACE')
  operations.delete('CONNECT')
  const allowed = [...operations.keys()]
  const get = operations.get('GET')
  // RFC 9110 §9.3.2: HEAD is GET without the content, so whoever declares GET serves HEAD.
  if (get !== undefined && !operations.has('HEAD')) {
    operations.set('HEAD', get)
    allowed.splice(allowed.indexOf('GET') + 1, 0, 'HEAD')
  }
  return { operations, allow: allowed.join(', ') }
}

function insert(root: Node, template: string, methods: Readonly<Record<string, Operation>>): void {
  let node = root
  for (const segment of template.slice(1).split('/')) {
    const pattern = segmentPattern(segment)
    if (typeof pattern === 'string') {
      let next = node.literals.get(pattern)
      if (next === undefined) node.literals.set(pattern, (next = newNode()))
      node = next
    } else {
      let entry = node.templated.find((other) => other.pattern.shape === pattern.shape)
      if (entry === undefined) {
        entry = { pattern, node: newNode() }
        node.templated.push(entry)
        node.templated.sort((a, b) => b.pattern.literalLength - a.pattern.literalLength)
      }
      node = entry.node
    }
  }
  // `/a/{b}` and `/a/{c}` are one path to a client: each may declare methods of its own.
  node.declared = { ...node.declared, ...methods }
  node.item = pathItem(node.declared)
}

function find(root: Node, method: string, path: string): Match {
  const values: string[] = []
  const item = descend(root, path.includes('%') ? unescapeUnreserved(path) : path, 1, values)
  if (item === undefined) return unknownPath
  const operation = item.operations.get(method)
  if (operation === undefined) return { kind: 'unknown-method', allow: item.allow }
  return { kind: 'operation', operation, pathValues: values }
}

function descend(node: Node, path: string, start: number, values: string[]): PathItem | undefined {
  const slash = path.indexOf('/', start)
  const isLast = slash === -1
  const segment = isLast ? path.slice(start) : path.slice(start, slash)
  const literal = node.literals.get(segment)
  if (literal !== undefined) {
    const found = isLast ? literal.item : descend(literal, path, slash + 1, values)
    if (found !== undefined) return found
  }
  for (const { pattern, node: next } of node.templated) {
    const before = values.length
    if (!capture(pattern.capture, segment, values)) continue
    const found = isLast ? next.item : descend(next, path, slash + 1, values)
    if (found !== undefined) return found
    values.length = before
  }
  return undefined
}

function capture(matcher: Capture | undefined, segment: string, values: string[]): boolean {
  if (matcher !== undefined) return matcher(segment, values)
  // A path parameter is always required, so an empty segment is another path.
  if (segment === '') return false
  values.push(segment)
  return true
}

/**
 * RFC 3986 §6.2.2.2: `%61` and `a` are the same path. Without this, `/users/%61dmin` would slip past `/users/admin`
 * into `/users/{id}` while the upstream reads `admin`. Only what is compared changes; the bytes are forwarded as they came.
 */
function unescapeUnreserved(path: string): string {
  return path.replace(/%([0-9A-Fa-f]{2})/g, (triplet, hex: string) => {
    const char = String.fromCharCode(Number.parseInt(hex, 16))
    return /[A-Za-z0-9\-._~]/.test(char) ? char : triplet.toUpperCase()
  })
}
