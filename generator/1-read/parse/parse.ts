import type { Place } from '../../model/place.ts'
import { pointerToken } from '../../model/place.ts'
import { inspectJson } from '../../report/json-scan.ts'
import { positionAt } from '../../report/position.ts'
import type { Reporter } from '../../report/reporter.ts'
import { jsonError } from './json-error.ts'
import { parseYaml } from './parse-yaml.ts'

/** Deeper than any document; low enough that walking a document cannot overflow the stack. */
export const depthLimit = 400

export interface Parsed {
  readonly value: unknown
}

/** The value of a JSON or YAML text, or undefined where it has none (reported). */
export function parse(text: string, file: string, reporter: Reporter): Parsed | undefined {
  const place: Place = { file, pointer: '' }
  if (/^\s*$/.test(text)) {
    reporter.report('empty-document', { ...place, line: 1, column: 1 }, {})
    return undefined
  }
  if (!/^\s*[{[]/.test(text)) return parseYaml(text, file, reporter)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // Braces may still be YAML; but nobody waits for a YAML parser over megabytes of JSON with a comma missing.
    if (!file.endsWith('.json') && text.length < 1_000_000) return parseYaml(text, file, reporter)
    const { offset, reason } = jsonError(text)
    reporter.report('syntax', { ...place, ...positionAt(text, offset) }, { reason })
    return undefined
  }
  const { duplicates, depth } = inspectJson(text)
  if (depth > depthLimit) {
    reporter.report('too-deep', { ...place, line: 1, column: 1 }, { limit: depthLimit })
    return undefined
  }
  for (const { key, pointer, offset, firstOffset } of duplicates) {
    const where: Place = { file, pointer: pointer.map((token) => `/${pointerToken(token)}`).join(''), at: 'key' }
    const first = { place: { ...where, ...positionAt(text, firstOffset) }, message: 'The first one.' }
    reporter.report('duplicate-key', { ...where, ...positionAt(text, offset) }, { key }, [first])
  }
  return { value }
}
