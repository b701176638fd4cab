import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isObject, member } from '../../model/json.ts'
import { pointerToken, pointerTokens } from '../../model/place.ts'
import type { Places } from '../../model/spec-node.ts'
import type { Gaps } from '../../report/catalogue.ts'
import { nearest } from '../../report/nearest.ts'
import { type SpecVersion, versionOfFile } from '../version.ts'
import { type Dialect, dialectOf } from './dialect.ts'
import { DynamicScopes } from './dynamic-scope.ts'
import type { Files, LoadedFile } from './files.ts'
import { findIdentified, type Identified } from './identified.ts'
import { refOf, type Scope, type SourceFile, type Spot, spotOf, type Target } from './spot.ts'
import { suggestFile, suggestName } from './suggest.ts'
import { absolute, decodeFragment } from './uri.ts'

/** Why a reference leads nowhere; `reported` where the target's own content is at fault and has been reported. */
export type Failure =
  | { readonly failed: 'ref-not-found'; readonly gaps: Gaps<'ref-not-found'> }
  | { readonly failed: 'ref-file'; readonly gaps: Gaps<'ref-file'> }
  | { readonly failed: 'remote-ref'; readonly gaps: Gaps<'remote-ref'> }
  | { readonly failed: 'ref-absolute'; readonly gaps: Gaps<'ref-absolute'> }
  | { readonly failed: 'ref-cycle'; readonly gaps: Gaps<'ref-cycle'> }
  | { readonly failed: 'reported' }

/** Finds what references name, over all files of a document. Nothing is converted or moved here. */
export class Linker {
  readonly #files: Files
  readonly #places: Places
  readonly #version: SpecVersion
  readonly #roots = new Map<string, Target>()
  /** Schemas with a `$id`, by absolute URI, and documents by their `$self`. */
  readonly #resources = new Map<string, Target>()
  readonly #identified = new Map<object, Scope>()
  readonly #anchors = new Map<string, Target>()
  #dialect: Dialect | undefined
  /** Schemas with the `$recursiveAnchor` of draft 2019-09. */
  readonly recursiveAnchors: Target[] = []
  readonly dynamicScopes = new DynamicScopes()

  constructor(files: Files, places: Places, version: SpecVersion) {
    this.#files = files
    this.#places = places
    this.#version = version
  }

  /** The spot of a whole file. */
  root(loaded: LoadedFile): Target {
    const known = this.#roots.get(loaded.path)
    if (known !== undefined) return known
    const version = versionOfFile(loaded.value, this.#version)
    const identified = version >= '3.1' && /\$(id|schema|anchor|dynamicAnchor|recursiveAnchor)\b/.test(loaded.text)
    const file: SourceFile = { path: loaded.path, name: loaded.name, value: loaded.value, version, identified }
    const location = `${loaded.path}#`
    const self = version >= '3.2' ? member(loaded.value, '$self') : undefined
    const href = pathToFileURL(loaded.path).href
    const uri = typeof self === 'string' ? (absolute(self, href) ?? href) : href
    const dialect = version >= '3.1' ? this.#dialectOf(loaded.value) : undefined
    const root = spotOf(loaded.value, { file: loaded.name, pointer: '' }, file, uri, location, dialect)
    this.#roots.set(loaded.path, root)
    if (uri !== href) this.#resources.set(uri, root)
    if (identified) for (const found of findIdentified(root, this)) this.#register(found)
    // A file that is a schema has the base URI that its own $id says; a document has no $id.
    const hasId = identified && typeof member(loaded.value, '$id') === 'string'
    const own = hasId ? this.#identified.get(loaded.value as object) : undefined
    const start = this.#entered((own?.resource as Target | undefined) ?? root, undefined)
    this.#roots.set(loaded.path, start)
    return start
  }

  /** Files without a word of their own are written as the document is. */
  #dialectOf(value: unknown): Dialect | undefined {
    const written = member(value, 'jsonSchemaDialect')
    const dialect = typeof written === 'string' ? dialectOf(written) : this.#dialect
    if (this.#roots.size === 0) this.#dialect = dialect
    return dialect
  }

  child(spot: Spot, key: string | number): Spot {
    const value = member(spot.value, key)
    const place = this.#places.below(spot.value, spot.place, key)
    const own = spot.scope.file.identified && isObject(value) ? this.#identified.get(value) : undefined
    if (own === undefined) return { value, place, scope: spot.scope, dynamic: spot.dynamic }
    return { value, place, scope: own, dynamic: this.dynamicScopes.enter(spot.dynamic, own.uri) }
  }

  /** The member of a target; its value is undefined where there is none. */
  step(target: Target, key: string): Target {
    return { ...this.child(target, key), location: `${target.location}/${pointerToken(key)}` }
  }

  /** What `ref`, written at `from`, names. References on the way of a pointer are followed; the target's own is not. */
  resolve(ref: string, from: Spot, seen: ReadonlySet<string> = new Set()): Target | Failure {
    const found = this.#find(ref, from, seen)
    return 'failed' in found ? found : this.#entered(found, from.dynamic)
  }

  /** What `$dynamicRef` means at `from`: the outermost schema on the way there that has the `$dynamicAnchor`. */
  resolveDynamic(ref: string, from: Spot): Target | Failure {
    const name = ref.slice(ref.indexOf('#') + 1)
    const [only, second] = this.dynamicScopes.anchors.get(name) ?? []
    const found = this.resolve(ref, from)
    if ('failed' in found) return only !== undefined && second === undefined ? only : found
    if (member(found.value, '$dynamicAnchor') !== name) return found
    const outermost = from.dynamic?.outermost.get(name)
    return outermost === undefined ? found : this.#entered(outermost, from.dynamic)
  }

  /** Whether a component is, where it stands, what it is on the way that led to it. */
  isAtHome(target: Target): boolean {
    const root = this.#roots.get(target.scope.file.path)
    return target.dynamic?.key === this.#entered(target, root?.dynamic).dynamic?.key
  }

  #entered(target: Target, outer: Spot['dynamic']): Target {
    const dynamic = this.dynamicScopes.enter(outer, target.scope.uri)
    return dynamic === target.dynamic ? target : { ...target, dynamic }
  }

  #find(ref: string, from: Spot, seen: ReadonlySet<string>): Target | Failure {
    const hash = ref.indexOf('#')
    const address = hash === -1 ? ref : ref.slice(0, hash)
    const fragment = hash === -1 ? '' : ref.slice(hash + 1)
    const resource = address === '' ? (from.scope.resource as Target) : this.#resource(address, ref, from.scope, seen)
    if ('failed' in resource) return resource
    const found = this.#inResource(resource, fragment, ref, seen)
    if (!('failed' in found) || address !== '') return found
    // By the letter, "#/components/…" inside a schema with a $id is relative to that schema; authors mean the document.
    const root = this.#roots.get(from.scope.file.path)!
    if (root.value === resource.value) return found
    const outside = this.#inResource(root, fragment, ref, seen)
    return 'failed' in outside ? found : outside
  }

  /** The end of a chain of references; `follow` says which targets are mere references. */
  resolveChain(ref: string, from: Spot, follow: (target: Target) => boolean): Target | Failure {
    const seen = new Set<string>()
    let next = ref
    let spot = from
    for (;;) {
      const target = this.resolve(next, spot)
      if ('failed' in target) return target
      const further = refOf(target.value)
      if (further === undefined) return target
      if (seen.has(target.location)) return { failed: 'ref-cycle', gaps: {} }
      if (!follow(target)) return target
      seen.add(target.location)
      next = further
      spot = target
    }
  }

  #inResource(resource: Target, fragment: string, ref: string, seen: ReadonlySet<string>): Target | Failure {
    if (fragment === '') return resource
    if (!fragment.startsWith('/')) {
      const anchor = this.#anchors.get(`${resource.scope.uri}#${decodeFragment(fragment)}`)
      if (anchor !== undefined) return anchor
      return { failed: 'ref-not-found', gaps: { ref, ...suggestName(fragment, resource.value) } }
    }
    const decoded = this.#walk(resource, pointerTokens(decodeFragment(fragment)), ref, seen)
    if (!('failed' in decoded) || !fragment.includes('%')) return decoded
    // A key may hold a percent sign that its author did not encode.
    const raw = this.#walk(resource, pointerTokens(fragment), ref, seen)
    return 'failed' in raw ? decoded : raw
  }

  #walk(start: Target, tokens: readonly string[], ref: string, seen: ReadonlySet<string>): Target | Failure {
    let at = start
    for (const token of tokens) {
      const through = isObject(at.value) && !Object.hasOwn(at.value, token) ? refOf(at.value) : undefined
      if (through !== undefined) {
        const key = `${at.location} ${through}`
        if (seen.has(key)) return { failed: 'ref-cycle', gaps: {} }
        const next = this.resolve(through, at, new Set([...seen, key]))
        if ('failed' in next) return next.failed === 'ref-cycle' ? next : { failed: 'ref-not-found', gaps: { ref } }
        at = next
      }
      const value = member(at.value, token)
      if (value === undefined) {
        const known = isObject(at.value) ? nearest(token, Object.keys(at.value)) : undefined
        const written = known === undefined ? undefined : ref.replace(pointerToken(token), pointerToken(known))
        return { failed: 'ref-not-found', gaps: { ref, ...(written && written !== ref ? { nearest: written } : {}) } }
      }
      at = this.step(at, token)
    }
    return at
  }

  /** The file or schema that the part of a reference before `#` names. */
  #resource(address: string, ref: string, scope: Scope, seen: ReadonlySet<string>): Target | Failure {
    const uri = absolute(address, scope.uri)
    const known = uri === undefined ? undefined : this.#resources.get(uri)
    if (known !== undefined) return known
    // A drive letter is no scheme.
    if (/^[a-z][a-z0-9+.-]+:/i.test(address) || address.startsWith('//')) {
      if (/^(https?:|\/\/)/i.test(address)) return { failed: 'remote-ref', gaps: { ref } }
      return { failed: 'ref-absolute', gaps: { ref } }
    }
    if (/^([/\\]|[a-z]:)/i.test(address)) {
      const local = this.resolve(`#${address}`, { value: undefined, place: { file: '', pointer: '' }, scope }, seen)
      return { failed: 'ref-absolute', gaps: { ref, ...('failed' in local ? {} : { nearest: `#${ref}` }) } }
    }
    const written = address.replaceAll('\\', '/').replace(/\?.*$/, '')
    const folder = dirname(scope.file.path)
    const loaded = this.#files.load(resolve(folder, decodeFragment(written)))
    if ('value' in loaded) return this.root(loaded)
    if ('reported' in loaded) return { failed: 'reported' }
    const literal = this.#files.load(resolve(folder, written))
    if ('value' in literal) return this.root(literal)
    return {
      failed: 'ref-file',
      gaps: { ref, reason: loaded.reason, ...suggestFile(ref, written, scope.file) },
    }
  }

  #register({ spot, uri, anchor, dynamicAnchor, recursive }: Identified): void {
    this.#identified.set(spot.value as object, spot.scope)
    if (uri !== undefined) this.#resources.set(uri, spot)
    if (recursive) this.recursiveAnchors.push(spot)
    for (const name of [anchor, dynamicAnchor]) {
      if (name !== undefined) this.#anchors.set(`${spot.scope.uri}#${name}`, spot)
    }
    if (dynamicAnchor !== undefined) this.dynamicScopes.add(dynamicAnchor, spot)
  }
}
