import type { Name } from './names.ts'
import { Mode } from './text.ts'

export const Kind = { scalar: 0, object: 1, array: 2, any: 3, choice: 4, tuple: 5 } as const
export type Kind = (typeof Kind)[keyof typeof Kind]

/** Bits of {@link Linked.types}. */
export const Type = {
  string: 1,
  token: 2,
  integer: 4,
  int64: 8,
  number: 16,
  boolean: 32,
  null: 64,
  bytes: 128,
} as const

/** A name to match elements or attributes with. */
export interface Match {
  readonly local: string
  /** The prefix as the document of the API wrote it, where it gave no namespace. */
  readonly prefix: string
  readonly namespace: string | undefined
}

/** How an element relates to an array. */
export const Role = { value: 0, item: 1, wrapper: 2 } as const
export type Role = (typeof Role)[keyof typeof Role]

export interface Member {
  readonly index: number
  readonly key: string
  /** `"key":` in UTF-8. */
  readonly bytes: Uint8Array
  readonly match: Match
  readonly value: Linked
  readonly required: boolean
  /** {@link import('./flat.ts').FlatProperty.within} */
  readonly within: string | undefined
}

/** An item of a tuple. */
export interface Place {
  /** Undefined where the schema does not name it. */
  readonly match: Match | undefined
  readonly isText: boolean
  readonly value: Linked
}

/** A member that an element of some local name may be. */
export interface Candidate {
  readonly member: Member
  readonly match: Match
  readonly role: Role
}

/** The plan as tables: {@link import('./shape.ts').XmlValue} with references followed. One class for all kinds: one shape for V8. */
export class Linked {
  kind: Kind = Kind.any
  nullable = false
  /** Scalars. */
  types = 0
  mode: Mode = Mode.skip
  cdata = false
  /** Objects. */
  members: readonly Member[] = []
  elements = new Map<string, readonly Candidate[]>()
  attributes: readonly Member[] = []
  text: Member | undefined = undefined
  additional: Linked | undefined = undefined
  /** Where members that are not listed go, if that is a property without an element. */
  additionalPath = ''
  patterns: readonly { readonly pattern: RegExp; readonly value: Linked }[] = []
  /** Arrays of the object that may have to be written although nothing stands for them. */
  arrays: readonly Member[] = []
  /** Attributes that must be there and may be null: XML says null by leaving them out (OpenAPI 3.2). */
  nulls: readonly Member[] = []
  /** There are properties without an element (flat.ts): those of them that must be there. */
  due: readonly string[] | undefined = undefined
  /** Arrays. */
  items: Linked | undefined = undefined
  itemMatch: Match | undefined = undefined
  /** Other names of items that stand without a wrapper. */
  itemNames: readonly Match[] = []
  wrapped = false
  /** Tuples: an item each; `items` is what may follow. */
  places: readonly Place[] = []
  /** Any. */
  object = false
  /** Choices. */
  by: Match | undefined = undefined
  byAttribute = false
  alternatives: readonly {
    readonly is: readonly string[]
    readonly called: string | undefined
    readonly value: Linked
  }[] = []
  otherwise: Linked | undefined = undefined
  /** What elements of the alternatives are called, where that tells. */
  called: ReadonlySet<string> | undefined = undefined
  /** What the last lookup of a name gave, by the name's number. */
  readonly found: (Found | undefined)[] = []
}

/** Candidates for a name; `sure` where nothing but a foreign default namespace speaks against it. */
interface Found {
  readonly name: Name
  readonly sure: Candidate | undefined
  readonly candidates: readonly Candidate[]
}

const none: readonly Candidate[] = []

/** Set by {@link find}: the element is accepted by its local name although a better one may come. */
export const lookup = { weak: false }

/** The member an element is, or undefined where it is none. */
export function find(object: Linked, name: Name, uri: string, parentUri: string): Candidate | undefined {
  let found = object.found[name.id]
  if (found === undefined || found.name !== name) {
    const candidates = object.elements.get(name.local) ?? none
    const only = candidates.length === 1 ? candidates[0]! : undefined
    const plain = only !== undefined && only.match.namespace === undefined && name.prefix === only.match.prefix
    found = { name, candidates, sure: plain ? only : undefined }
    // Names the object does not have are not remembered: an upstream can invent any number of them.
    if (candidates.length > 0) object.found[name.id] = found
  }
  lookup.weak = false
  if (found.sure !== undefined && (name.prefix !== '' || isHome(uri, parentUri))) return found.sure
  let weak: Candidate | undefined
  for (const candidate of found.candidates) {
    const grade = matches(candidate.match, name, uri, parentUri)
    if (grade === 2) return candidate
    if (grade === 1) weak ??= candidate
  }
  lookup.weak = weak !== undefined
  return weak
}

/**
 * 2: it is the one; 1: it has the local name, and nothing speaks against it; 0: it is another.
 * Where a namespace is declared, an element of that name in no namespace, or in its parent's, is accepted as long as the
 * right one does not turn up: documents that declare namespaces for fields and then leave them unqualified are common.
 */
export function matches(match: Match, name: Name, uri: string, parentUri: string): 0 | 1 | 2 {
  if (match.local !== name.local) return 0
  if (match.namespace !== undefined) return uri === match.namespace ? 2 : uri === '' || uri === parentUri ? 1 : 0
  if (match.prefix !== '') return name.prefix === match.prefix ? 2 : 1
  return isHome(uri, parentUri) ? 2 : 1
}

/** Where elements are that nobody gives a namespace: in their parent's or in none, whatever the prefixes. */
function isHome(uri: string, parentUri: string): boolean {
  return uri === parentUri || uri === ''
}
