import { isObject, member } from '../../model/json.ts'
import { refOf, type Spot, type Target } from '../link/spot.ts'
import type { Components, Conversion } from '../normalise/components.ts'
import type { Converter } from '../normalise/converter.ts'
import { type Listed, listed } from './pick.ts'
import { bodyOf, formOf } from './request-body.ts'
import { response } from './response.ts'

const methods = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch'])

/** What applies to operations that do not say otherwise. */
export interface Defaults {
  readonly consumes: readonly Listed[]
  readonly produces: readonly Listed[]
  /** `https`, where the document's servers are made of several schemes. */
  readonly schemes: readonly string[]
  /** The servers of operations with schemes of their own. */
  serversFor(schemes: readonly Listed[]): unknown[] | undefined
}

/** The parameters of a path item or operation, sorted by what becomes of them. */
interface Sorted {
  /** Converted: parameters, or references to them. */
  readonly plain: { readonly value: unknown; readonly place: Spot['place'] }[]
  body: { readonly spot: Spot; readonly ref: string | undefined; readonly target: Spot } | undefined
  readonly form: Spot[]
}

/** A 2.0 path item: parameters `in: body` and `formData` go down into its operations. */
export function pathItem(converter: Converter, spot: Spot, defaults: Defaults, out: Record<string, unknown>): void {
  const shared = sort(converter, converter.linker.child(spot, 'parameters'))
  for (const key of Object.keys(spot.value as object)) {
    const child = converter.linker.child(spot, key)
    if (key === 'parameters' && Array.isArray(child.value)) {
      if (shared.plain.length > 0) converter.move(out, key, list(converter, shared), child.place)
    } else if (methods.has(key)) {
      const made = converter.object(child, 'operation', (found) => operation(converter, found, shared, defaults))
      converter.move(out, key, made, (isObject(made) && converter.places.of(made)) || child.place)
    } else converter.member(spot, key, 'any', out)
  }
}

function operation(converter: Converter, spot: Spot, shared: Sorted, defaults: Defaults): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  const value = spot.value as Record<string, unknown>
  const own = (key: string) => listed(converter, converter.linker.child(spot, key))
  const produces = own('produces') ?? defaults.produces
  for (const key of Object.keys(value)) {
    const child = converter.linker.child(spot, key)
    if (key === 'parameters' && Array.isArray(child.value)) {
      // Below, since bodies of the path item come in too.
    } else if (key === 'responses' && isObject(child.value)) {
      converter.move(out, key, responses(converter, child, produces), child.place)
    } else if (key === 'schemes') {
      const servers = defaults.serversFor(own('schemes') ?? [])
      if (servers !== undefined) converter.move(out, 'servers', servers, child.place)
    } else if (key !== 'consumes' && key !== 'produces') converter.member(spot, key, 'any', out)
  }
  const parameters = converter.linker.child(spot, 'parameters')
  const sorted = sort(converter, parameters)
  if (sorted.plain.length > 0) converter.move(out, 'parameters', list(converter, sorted), parameters.place)
  else if (parameters.value !== undefined && !Array.isArray(parameters.value))
    converter.member(spot, 'parameters', 'any', out)
  const body = requestBody(converter, sorted, shared, own('consumes') ?? defaults.consumes)
  if (body !== undefined) converter.move(out, 'requestBody', body.value, body.place)
  return out
}

function sort(converter: Converter, parameters: Spot): Sorted {
  const sorted: Sorted = { plain: [], body: undefined, form: [] }
  if (!Array.isArray(parameters.value)) return sorted
  for (const index of parameters.value.keys()) {
    const spot = converter.linker.child(parameters, index)
    const ref = refOf(spot.value)
    const target = ref === undefined ? spot : converter.linker.resolveChain(ref, spot, () => true)
    const where = 'failed' in target ? undefined : member(target.value, 'in')
    if ('failed' in target || (where !== 'body' && where !== 'formData')) {
      sorted.plain.push({ value: converter.convert(spot, 'parameter'), place: spot.place })
    } else if (where === 'formData') sorted.form.push(target)
    else if (sorted.body === undefined) sorted.body = { spot, ref, target }
    else converter.reporter.report('body-conflict', spot.place, {})
  }
  const first = sorted.form[0]
  if (sorted.body !== undefined && first !== undefined) converter.reporter.report('body-conflict', first.place, {})
  return sorted
}

function list(converter: Converter, { plain }: Sorted): unknown[] {
  const out: unknown[] = []
  for (const { value, place } of plain) {
    converter.places.setMember(out, out.length, place)
    if (isObject(value)) converter.places.set(value, place)
    out.push(value)
  }
  return out
}

function requestBody(converter: Converter, own: Sorted, shared: Sorted, consumes: readonly Listed[]) {
  const names = new Set(own.form.map((field) => member(field.value, 'name')))
  const form = [...shared.form.filter((field) => !names.has(member(field.value, 'name'))), ...own.form]
  // What the path item says stays unless the operation has a parameter of the same name and place.
  const isReplaced =
    own.body !== undefined && member(own.body.target.value, 'name') === member(shared.body?.target.value, 'name')
  const both = shared.body !== undefined && !isReplaced && (own.body !== undefined || own.form.length > 0)
  const conflict = own.body?.spot ?? own.form[0]
  if (conflict !== undefined && (both || (own.body !== undefined && shared.form.length > 0))) {
    converter.reporter.report('body-conflict', conflict.place, {})
  }
  const body = own.body ?? (own.form.length === 0 ? shared.body : undefined)
  if (body === undefined) {
    return form.length === 0 ? undefined : { value: formOf(converter, form, consumes), place: form[0]!.place }
  }
  if (body.ref === undefined) return { value: bodyOf(converter, body.target, consumes), place: body.spot.place }
  const conversion: Conversion = {
    id: `body ${consumes.map(({ text }) => text).join()}`,
    section: 'requestBodies',
    called: 'body parameter',
    convert: (spot) => bodyOf(converter, spot, consumes),
  }
  return { value: referTo(converter, body.ref, body.target as Target, conversion), place: body.spot.place }
}

function responses(converter: Converter, spot: Spot, produces: readonly Listed[]): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const key of Object.keys(spot.value as object)) {
    const child = converter.linker.child(spot, key)
    if (key.startsWith('x-') || !isObject(child.value)) {
      converter.member(spot, key, 'any', out)
      continue
    }
    const ref = refOf(child.value)
    const value =
      ref === undefined
        ? responseWith(converter, produces).convert(child)
        : converter.reference(child, ref, responseWith(converter, produces))
    converter.move(out, key, value, child.place)
  }
  return out
}

/** How responses are converted for operations that produce this. */
export function responseWith(converter: Converter, produces: readonly Listed[]): Conversion {
  return {
    id: `response ${produces.map(({ text }) => text).join()}`,
    section: 'responses',
    called: 'response',
    convert(spot) {
      const out: Record<string, unknown> = {}
      response(converter, spot, produces, out)
      return out
    },
  }
}

function referTo(converter: Converter, ref: string, target: Target, conversion: Conversion): unknown {
  const hoisted: ReturnType<Components['place']> = converter.components.place(ref, target, conversion)
  if ('ref' in hoisted) return { $ref: hoisted.ref }
  converter.reportFailure(hoisted, target.place)
  return { $ref: ref }
}
