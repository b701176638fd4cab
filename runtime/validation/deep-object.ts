import {
  badEncoding,
  type Decode,
  inMember,
  isList,
  isObjectShape,
  isScalar,
  isUnion,
  memberShape,
  type ObjectShape,
  readScalar,
  scalarsOf,
  setMember,
  type Unencode,
  Unreadable,
} from './decode.ts'

/** A parameter given in pieces: `filter[name]=x` is the piece `[name]` with its raw value. */
export interface Piece {
  readonly path: string
  readonly raw: string
}

interface Branch {
  text?: string
  members?: Map<string, Branch>
}

/** Style `deepObject`; nested members and list indexes as the common servers read them, which OpenAPI leaves open. */
export function readDeepObject(pieces: readonly Piece[], decode: Decode, unencode: Unencode): unknown {
  const root: Branch = {}
  for (const { path, raw } of pieces) {
    const text = unencode(raw)
    if (text === undefined) return badEncoding
    const keys = keysOf(path)
    if (keys === undefined) return malformed
    let branch = root
    for (const key of keys) {
      branch.members ??= new Map()
      // `ids[]=1&ids[]=2`: each is the next item.
      const name = key === '' ? String(branch.members.size) : key
      let next = branch.members.get(name)
      if (next === undefined) {
        next = {}
        branch.members.set(name, next)
      }
      branch = next
    }
    if (branch.text !== undefined) return new Unreadable('style', 'must not give a member twice')
    branch.text = text
  }
  return grow(root, decode, true)
}

const malformed = new Unreadable('style', 'is not written in the declared style')

/** `[a][b]` → a, b; nothing: the value has no members. The path has been percent-decoded. */
function keysOf(path: string): string[] | undefined {
  if (path === '') return []
  if (!path.startsWith('[') || !path.endsWith(']')) return undefined
  return path.slice(1, -1).split('][')
}

/** @param declared whether the contract says what this is; undeclared members may nest as they like */
function grow({ text, members }: Branch, decode: Decode, declared: boolean): unknown {
  if (members === undefined) {
    if (!holdsScalar(decode)) return new Unreadable('style', 'must be given member by member')
    return readScalar(scalarsOf(decode), text ?? '')
  }
  if (text !== undefined) return malformed
  const shapes = isUnion(decode) ? decode.anyOf : [decode]
  for (const shape of shapes) {
    if (isObjectShape(shape)) return growObject(members, shape)
    if (isList(shape)) return growList(members, shape.items)
  }
  return declared ? new Unreadable('type', 'must not have members') : growObject(members, { properties: {} })
}

function holdsScalar(decode: Decode): boolean {
  return isUnion(decode) ? decode.anyOf.some(isScalar) : isScalar(decode)
}

function growObject(members: ReadonlyMap<string, Branch>, shape: ObjectShape): unknown {
  const value: Record<string, unknown> = {}
  for (const [name, branch] of members) {
    const declared = Object.hasOwn(shape.properties, name) || shape.others !== undefined
    const member = grow(branch, memberShape(shape, name), declared)
    if (member instanceof Unreadable) return inMember(shape, name, member)
    setMember(value, name, member)
  }
  return value
}

/** Indexes may come in any order, but none may be left out. */
function growList(members: ReadonlyMap<string, Branch>, items: Decode): unknown {
  const values: unknown[] = []
  for (let index = 0; index < members.size; index++) {
    const branch = members.get(String(index))
    if (branch === undefined) return new Unreadable('style', 'must number its items from 0 on')
    const value = grow(branch, items, true)
    if (value instanceof Unreadable) return new Unreadable(value.keyword, `item ${index}: ${value.detail}`)
    values.push(value)
  }
  return values
}
