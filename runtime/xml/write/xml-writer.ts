import { JsonFault, pointerOf } from '../../json/json-fault.ts'
import type { JsonIndex } from '../../json/json-index.ts'
import { patternValue } from '../pattern-of.ts'
import { chooseWritten } from './choose-written.ts'
import { cdata, escapeText, isLocalName } from './escape.ts'
import type { WrittenRoot } from './link-written.ts'
import { plainText, scalarText } from './plain-text.ts'
import type { Prefixes } from './prefixes.ts'
import { Kind, type Other, Written, type WrittenMember, type WrittenName, type WrittenPlace } from './written.ts'
import { XmlText } from './xml-text.ts'

export interface WriteOptions {
  /** What becomes of members that the schema does not have. */
  readonly unknown: 'drop' | 'reject'
  /** What becomes of members that are null: an element with `xsi:nil`, or nothing. Items always are elements. */
  readonly nulls: 'nil' | 'omit'
  /** Characters of the output. */
  readonly size: number
}

const Token = { string: 0x22, object: 0x7b, array: 0x5b, null: 0x6e } as const

/** Writes one JSON value as the XML of its plan. A fresh one per document. */
export class XmlWriter {
  readonly #json: JsonIndex
  readonly #options: WriteOptions
  readonly #text: XmlText
  readonly #path: (string | number)[] = []

  constructor(json: JsonIndex, options: WriteOptions, prefixes: Prefixes) {
    this.#json = json
    this.#options = options
    this.#text = new XmlText(prefixes, options.size)
  }

  /** The whole element. @throws JsonFault, Overgrown */
  write({ name: given, isOpen, value }: WrittenRoot): string {
    const name = (isOpen ? this.#called(value, 0) : undefined) ?? given
    const isArray = this.#json.kind(0) === Token.array
    if (isArray && value.kind !== Kind.tuple) this.#wrapper(name, value, 0, '')
    else this.#element(name, value, 0, '')
    return this.#text.end()
  }

  /** Elements of a member: as many as an array without a wrapper has items. */
  #elements(name: WrittenName, value: Written, at: number, scope: string): void {
    const isArray = this.#json.kind(at) === Token.array
    if (!isArray || value.kind === Kind.tuple) this.#element(name, value, at, scope)
    else if (value.kind === Kind.array) {
      if (value.wrapped) this.#wrapper(name, value, at, scope)
      else this.#items(value.items!, name, at, scope)
    } else if (value.kind === Kind.any) this.#items(anyItem, name, at, scope)
    else if (value.kind === Kind.choice) this.#elements(name, this.#choose(value, at), at, scope)
    else throw this.#misfit()
  }

  /** An array in an element of its own. */
  #wrapper(name: WrittenName, value: Written, at: number, scope: string): void {
    const list = value.kind === Kind.choice ? this.#choose(value, at) : value
    if (list.kind !== Kind.array && list.kind !== Kind.any) throw this.#misfit()
    const tag = this.#text.open(name, scope)
    this.#text.out += '>'
    this.#items(list.items ?? anyItem, name, at, innerScope(name, scope))
    this.#text.close(tag)
  }

  #items(items: WrittenPlace, fallback: WrittenName, at: number, scope: string): void {
    const { after } = this.#json
    const depth = this.#path.push(0) - 1
    for (let item = at + 1, i = 0; item < after[at]!; item = after[item]!, i++) {
      this.#path[depth] = i
      const name = (items.isNamed ? undefined : this.#called(items.value, item)) ?? items.name ?? fallback
      if (this.#json.kind(item) === Token.null) this.#text.nil(name, scope)
      else if (this.#json.kind(item) === Token.array && items.value.kind !== Kind.tuple) {
        this.#wrapper(name, items.value, item, scope)
      } else this.#element(name, items.value, item, scope)
    }
    this.#path.pop()
  }

  /** One element with a value that is no array. */
  #element(name: WrittenName, value: Written, at: number, scope: string): void {
    const json = this.#json
    const kind = json.kind(at)
    if (kind === Token.null) {
      this.#text.nil(name, scope)
      return
    }
    if (value.kind === Kind.choice) {
      this.#element(name, this.#choose(value, at), at, scope)
      return
    }
    const tag = this.#text.open(name, scope)
    const inner = innerScope(name, scope)
    if (kind === Token.object) {
      if (value.kind === Kind.object) this.#object(value, at, inner)
      else if (value.kind === Kind.any) this.#anything(at, inner)
      else throw this.#misfit()
    } else if (kind === Token.array) {
      if (value.kind !== Kind.tuple) throw this.#misfit()
      this.#text.out += '>'
      this.#tuple(value, name, at, inner)
    } else {
      if (value.kind !== Kind.scalar && value.kind !== Kind.any) throw this.#misfit()
      this.#text.out += '>'
      this.#text.out += escapeText(scalarText(json, at, value.isInteger, this.#path))
    }
    this.#text.close(tag)
  }

  #object(object: Written, at: number, scope: string): void {
    const found = this.#find(object, at)
    const attributes = object.members.length === 0 ? 0 : this.#attributes(object, found)
    this.#text.out += '>'
    for (let i = attributes; i < object.members.length; i++) {
      if (found.places[i]! >= 0) this.#member(object.members[i]!, found.places[i]!, scope)
    }
    for (const { name, value } of found.others) this.#other(value, name, scope)
  }

  /** Where the members of an object stand. Two of one name would be read differently by different readers. */
  #find(object: Written, at: number): { readonly places: number[]; readonly others: Other[] } {
    const json = this.#json
    const places = new Array<number>(object.members.length).fill(-1)
    const others: Other[] = []
    let seen: Set<string> | undefined
    const end = json.after[at]!
    for (let name = at + 1; name < end; name = json.after[name + 1]!) {
      const key = json.string(name)
      const index = object.keys.get(key)
      if (index !== undefined) {
        if (places[index] !== -1) throw this.#fault('must not give a member twice', 'duplicate', key)
        places[index] = name + 1
        continue
      }
      const value = patternValue(object.patterns, key, object.additional)
      if (value !== undefined) {
        seen ??= new Set()
        if (seen.has(key)) throw this.#fault('must not give a member twice', 'duplicate', key)
        seen.add(key)
        others.push({ name, value })
      } else if (this.#options.unknown === 'reject') throw this.#fault('is not declared', 'unknown', key)
    }
    return { places, others }
  }

  /** @returns how many of the members are attributes */
  #attributes(object: Written, { places }: { readonly places: readonly number[] }): number {
    let i = 0
    for (; i < object.members.length && object.members[i]!.node === 'attribute'; i++) {
      if (places[i]! >= 0)
        this.#attribute(object.members[i]!.name, object.members[i]!.key, places[i]!, object.members[i]!.value)
    }
    for (let j = i; j < object.members.length; j++) {
      const { node, key, value } = object.members[j]!
      if (node !== 'none' || places[j]! < 0 || this.#json.kind(places[j]!) !== Token.object) continue
      this.#path.push(key)
      const inner = value.kind === Kind.choice ? this.#choose(value, places[j]!) : value
      if (inner.kind === Kind.object) this.#attributes(inner, this.#find(inner, places[j]!))
      this.#path.pop()
    }
    return i
  }

  #attribute(name: WrittenName, key: string, at: number, value: Written | undefined): void {
    const kind = this.#json.kind(at)
    // XML says null by leaving an attribute out (OpenAPI 3.2 §4.26.1).
    if (kind === Token.null) return
    this.#path.push(key)
    this.#text.attribute(name, plainText(this.#json, at, value, this.#path))
    this.#path.pop()
  }

  #member({ key, node, name, value }: WrittenMember, at: number, scope: string): void {
    const kind = this.#json.kind(at)
    this.#path.push(key)
    if (kind === Token.null) {
      if (node === 'element' && this.#options.nulls === 'nil') this.#text.nil(name, scope)
    } else if (node === 'element') this.#elements(name, value, at, scope)
    else if (node === 'none' && value.kind === Kind.tuple && kind === Token.array) this.#tuple(value, name, at, scope)
    else if (node === 'none') this.#flat(value, at, scope)
    else {
      const text = plainText(this.#json, at, value, this.#path)
      this.#text.out += node === 'cdata' ? cdata(text) : escapeText(text)
    }
    this.#path.pop()
  }

  /** An object without an element of its own; its attributes have been written. */
  #flat(value: Written, at: number, scope: string): void {
    const object = value.kind === Kind.choice ? this.#choose(value, at) : value
    if (object.kind !== Kind.object || this.#json.kind(at) !== Token.object) throw this.#misfit()
    const { places, others } = this.#find(object, at)
    object.members.forEach((member, i) => {
      if (member.node !== 'attribute' && places[i]! >= 0) this.#member(member, places[i]!, scope)
    })
    for (const { name, value } of others) this.#other(value, name, scope)
  }

  /** A member of a map. */
  #other(value: Written, nameIndex: number, scope: string): void {
    const key = this.#json.string(nameIndex)
    const at = nameIndex + 1
    this.#path.push(key)
    if (!isLocalName(key)) throw new JsonFault(this.#pointer(), 'cannot be a name in XML', 'xml')
    const name: WrittenName = { local: key, prefix: undefined, inner: undefined }
    if (this.#json.kind(at) !== Token.null) this.#elements(name, value, at, scope)
    else if (this.#options.nulls === 'nil') this.#text.nil(name, scope)
    this.#path.pop()
  }

  /** An object of no schema: the convention of docs/xml.md, the other way round. */
  #anything(at: number, scope: string): void {
    const json = this.#json
    const end = json.after[at]!
    const seen = new Set<string>()
    for (let name = at + 1; name < end; name = json.after[name + 1]!) {
      const key = json.string(name)
      if (seen.has(key)) throw this.#fault('must not give a member twice', 'duplicate', key)
      seen.add(key)
      if (!key.startsWith('@')) continue
      const local = key.slice(1)
      if (!isLocalName(local) || local === 'xmlns') throw this.#fault('cannot be a name in XML', 'xml', key)
      this.#attribute({ local, prefix: '', inner: undefined }, key, name + 1, undefined)
    }
    this.#text.out += '>'
    for (let name = at + 1; name < end; name = json.after[name + 1]!) {
      const key = json.string(name)
      if (key === '#text') {
        this.#path.push(key)
        if (json.kind(name + 1) !== Token.null)
          this.#text.out += escapeText(plainText(json, name + 1, undefined, this.#path))
        this.#path.pop()
      } else if (!key.startsWith('@')) this.#other(anyValue, name, scope)
    }
  }

  #tuple(tuple: Written, fallback: WrittenName, at: number, scope: string): void {
    const { after } = this.#json
    const depth = this.#path.push(0) - 1
    for (let item = at + 1, i = 0; item < after[at]!; item = after[item]!, i++) {
      this.#path[depth] = i
      const place = tuple.places[i] ?? tuple.items
      if (place === undefined) {
        if (this.#options.unknown === 'reject') throw new JsonFault(this.#pointer(), 'is not declared', 'unknown')
      } else if (!place.isText) this.#elements(place.name ?? fallback, place.value, item, scope)
      else if (this.#json.kind(item) !== Token.null) {
        this.#text.out += escapeText(plainText(this.#json, item, place.value, this.#path))
      }
    }
    this.#path.pop()
  }

  /** What items are called that have one of several schemas with names of their own. */
  #called(value: Written, at: number): WrittenName | undefined {
    if (value.kind !== Kind.choice || this.#json.kind(at) === Token.null) return undefined
    const chosen = this.#choose(value, at)
    return value.alternatives.find((one) => one.value === chosen)?.called
  }

  #choose(choice: Written, at: number): Written {
    const chosen = chooseWritten(this.#json, choice, at)
    if (chosen === undefined) throw this.#misfit()
    return chosen
  }

  #misfit(): JsonFault {
    return new JsonFault(this.#pointer(), 'is not of the declared type', 'type')
  }

  #fault(detail: string, keyword: string, key: string): JsonFault {
    this.#path.push(key)
    return new JsonFault(this.#pointer(), detail, keyword)
  }

  #pointer(): string {
    return pointerOf(this.#path)
  }
}

const anyValue = new Written()
const anyItem: WrittenPlace = { name: undefined, isNamed: false, isText: false, value: anyValue }

function innerScope({ inner }: WrittenName, scope: string): string {
  return inner ?? scope
}
