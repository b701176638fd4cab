import type { Diagnostic } from '../model/diagnostic.ts'
import type { Place } from '../model/place.ts'
import type { SpecNode } from '../model/spec-node.ts'
import type { CatalogueEntry } from './catalogue/entry.ts'
import { type Code, catalogue, type Gaps } from './catalogue.ts'

/** Collects what the phases find. Nothing is thrown at the author: all findings of a run are shown together. */
export class Reporter {
  readonly diagnostics: Diagnostic[] = []
  readonly #strict: boolean
  /** Where what has been said stands among the diagnostics: many operations may find the same fault at one place. */
  readonly #known = new Map<string, number>()

  /** @param strict warnings that something stays unprotected are errors */
  constructor(strict = false) {
    this.#strict = strict
  }

  /**
   * @param where the value the finding is about; its place is what the author sees
   * @param gaps what the message needs; forgetting one does not compile
   * @param concerns the operations it is about, where that is less than everything at its place
   */
  report<C extends Code>(
    code: C,
    where: SpecNode | Place,
    gaps: Gaps<C>,
    related?: Diagnostic['related'],
    concerns?: Diagnostic['concerns'],
  ): void {
    const entry = catalogue[code] as CatalogueEntry<Gaps<C>>
    const help = typeof entry.help === 'function' ? entry.help(gaps) : entry.help
    const found: Diagnostic = {
      code,
      severity: entry.strict === true && this.#strict ? 'error' : entry.severity,
      message: entry.message(gaps),
      ...(help === undefined ? {} : { help }),
      place: 'pointer' in where ? where : where.place,
      ...(related === undefined ? {} : { related }),
      ...(concerns === undefined ? {} : { concerns }),
      ...(entry.narrows === undefined ? {} : { narrows: entry.narrows }),
    }
    const key = JSON.stringify([code, found.place.file, found.place.pointer, found.message])
    const known = this.#known.get(key)
    if (known === undefined) this.#known.set(key, this.diagnostics.push(found) - 1)
    else this.diagnostics[known] = together(this.diagnostics[known]!, found)
  }

  /** Makes a warning of an error that can be done without. @param leftOut the operations that are left out for it */
  narrow(error: Diagnostic, leftOut: readonly string[]): void {
    const { help: _, narrows, ...rest } = error
    const instead = { name: 'Another name is made up.', keyword: 'It is left out: more is allowed than is written.' }
    const help =
      narrows === 'name' || narrows === 'keyword'
        ? instead[narrows]
        : `Left out: ${leftOut.join(', ') || 'nothing needs it'}.`
    this.diagnostics[this.diagnostics.indexOf(error)] = { ...rest, severity: 'warning', help }
  }

  get hasErrors(): boolean {
    return this.diagnostics.some((diagnostic) => diagnostic.severity === 'error')
  }
}

/** The same finding for other operations. */
function together(known: Diagnostic, found: Diagnostic): Diagnostic {
  if (known.concerns === undefined || found.concerns === undefined) {
    const { concerns: _, ...everything } = known
    return everything
  }
  return { ...known, concerns: [...new Set([...known.concerns, ...found.concerns])] }
}
