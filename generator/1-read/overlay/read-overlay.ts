import { isObject, member } from '../../model/json.ts'
import { childPlace, type Place } from '../../model/place.ts'
import { nearest } from '../../report/nearest.ts'
import type { Reporter } from '../../report/reporter.ts'

/** https://spec.openapis.org/overlay/v1.1.0.html#action-object */
export interface Action {
  readonly target: string
  readonly update: unknown
  readonly remove: boolean
  readonly copy: string | undefined
  readonly place: Place
}

/** The actions of an overlay document that can be applied; what is wrong with the others is reported. */
export function readOverlay(document: unknown, file: string, reporter: Reporter): Action[] {
  const place: Place = { file, pointer: '' }
  if (!isObject(document) || !Object.hasOwn(document, 'overlay')) {
    reporter.report('overlay-invalid', place, { reason: 'it has no "overlay" with a version' })
    return []
  }
  // YAML reads an unquoted 1.0 as the number 1.
  const version = /^1(?:\.([01])(?:\.\d+)?)?$/.exec(String(document['overlay']))
  if (version === null) {
    reporter.report('overlay-version', childPlace(place, 'overlay'), { version: String(document['overlay']) })
    return []
  }
  const known = ['overlay', 'info', 'extends', 'actions']
  checkKeys(document, known, place, reporter)
  if (!isObject(document['info'])) reporter.report('overlay-info', place, {})
  const actions = document['actions']
  const where = childPlace(place, 'actions')
  if (!Array.isArray(actions) || actions.length === 0) {
    reporter.report('overlay-invalid', where, { reason: '"actions" must be a list of at least one action' })
    return []
  }
  const hasCopy = version[1] === '1'
  return actions.flatMap((action, index) => readAction(action, childPlace(where, index), hasCopy, reporter) ?? [])
}

function readAction(action: unknown, place: Place, hasCopy: boolean, reporter: Reporter): Action | undefined {
  const invalid = (reason: string, key?: string) => {
    reporter.report('overlay-invalid', key === undefined ? place : childPlace(place, key), { reason })
    return undefined
  }
  if (!isObject(action)) return invalid('an action is an object')
  checkKeys(action, ['target', 'description', 'update', 'remove', ...(hasCopy ? ['copy'] : [])], place, reporter)
  const target = member(action, 'target')
  const remove = member(action, 'remove') ?? false
  const copy = hasCopy ? member(action, 'copy') : undefined
  const hasUpdate = Object.hasOwn(action, 'update')
  if (typeof target !== 'string') return invalid('an action needs "target", a JSONPath', 'target')
  if (typeof remove !== 'boolean') return invalid('"remove" is true or false', 'remove')
  if (copy !== undefined && typeof copy !== 'string') return invalid('"copy" is a JSONPath', 'copy')
  if (!remove && copy !== undefined && hasUpdate) return invalid('"update" and "copy" exclude each other', 'copy')
  if (!remove && copy === undefined && !hasUpdate) {
    return invalid(hasCopy ? 'an action needs "update", "remove" or "copy"' : 'an action needs "update" or "remove"')
  }
  return { target, update: action['update'], remove, copy, place }
}

function checkKeys(object: object, known: readonly string[], place: Place, reporter: Reporter): void {
  for (const key of Object.keys(object)) {
    if (known.includes(key) || key.startsWith('x-')) continue
    const near = nearest(key, known)
    reporter.report('overlay-key', childPlace(place, key, 'key'), {
      key,
      ...(near === undefined ? {} : { nearest: near }),
    })
  }
}
