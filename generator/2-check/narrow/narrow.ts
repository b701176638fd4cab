import type { Diagnostic } from '../../model/diagnostic.ts'
import type { Narrowing } from '../../model/narrowing.ts'
import { type Place, pointerTokens } from '../../model/place.ts'
import type { SpecTree } from '../../model/spec-node.ts'
import type { Reporter } from '../../report/reporter.ts'
import { Survey } from '../survey.ts'
import { type Unit, Units } from './units.ts'

/**
 * `--lenient`: decides for each error what can be done without. Operations that need what is wrong are left out, whatever
 * is between them and the fault; nothing else changes. What is wrong with the document as a whole, or with `x-proxy`, stays
 * an error. Errors that are narrowed become warnings that say so.
 */
export function narrow(tree: SpecTree, version: string, reporter: Reporter): Narrowing {
  const errors = reporter.diagnostics.filter(({ severity, narrows }) => severity === 'error' && narrows !== undefined)
  if (errors.length === 0) return nothing
  const survey = new Survey(tree, version)
  const units = new Units(
    survey,
    errors.flatMap(({ place, concerns }) => concerns ?? [place]),
  )
  const leftOut = new Set<string>()
  const said: string[] = []
  for (const error of errors) {
    const needing = error.narrows === 'operation' ? unitsNeeding(error, units) : []
    if (needing === undefined) continue
    const what = needing.map(({ name }) => name).sort()
    for (const name of what) leftOut.add(name)
    reporter.narrow(error, what)
    const names = what.length === 0 ? '' : `${what.join(', ')}: `
    said.push(`${names}${error.message}`)
  }
  const served = survey.operations.filter(({ method, item }) => !leftOut.has(`${method} ${item.path}`))
  if (leftOut.size > 0 && served.every(({ item }) => item.path === undefined))
    reporter.report('nothing-left', tree.root, {})
  return { leftOut, said }
}

const nothing: Narrowing = { leftOut: new Set(), said: [] }

/** Undefined where the fault is in no part that can be left out. */
function unitsNeeding({ place, concerns }: Diagnostic, units: Units): readonly Unit[] | undefined {
  if (pointerTokens(place.pointer).includes('x-proxy')) return undefined
  const faulty = (concerns ?? [place]).map((at: Place) => units.at(at))
  if (faulty.some((names) => names.size === 0)) return undefined
  return units.needing(new Set(faulty.flatMap((names) => [...names])))
}
