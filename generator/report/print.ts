import { styleText } from 'node:util'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Place } from '../model/place.ts'
import { Lines, type Position } from './position.ts'
import { locate } from './source-map.ts'
import { Sources } from './sources.ts'

export interface PrintOptions {
  /** ANSI colours. Where not given: if standard error is a terminal that wants them. */
  readonly color?: boolean
}

/**
 * Diagnostics for a person, in the order of the files' lines: `file:line:column error code: message`, the lines around it
 * with a caret, what mends it, and other places that matter.
 */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: Sources | undefined,
  { color = terminalHasColors() }: PrintOptions = {},
): string {
  const paint = color ? styleText : (_: unknown, text: string) => text
  const known = new Map<string, Lines | undefined>()
  const linesOf = (file: string): Lines | undefined => {
    if (!known.has(file)) {
      const text = sources?.text(file)
      known.set(file, text === undefined ? undefined : new Lines(text))
    }
    return known.get(file)
  }
  return inOrder(diagnostics, sources)
    .map(({ diagnostic, position, related }) => {
      const { place, severity, code, message, help } = diagnostic
      const tint = severity === 'error' ? 'red' : severity === 'warning' ? 'yellow' : 'cyan'
      const lines = [
        `${paint('bold', at(place, position))} ${paint(tint, severity)} ${paint('dim', code)}: ${oneLine(message)}`,
        ...frame(linesOf(place.file), position, (text) => paint(tint, text)),
      ]
      if (help !== undefined) lines.push(`  ${paint('cyan', 'help:')} ${oneLine(help)}`)
      for (const other of related) lines.push(`  ${at(other.place, other.position)} ${oneLine(other.message)}`)
      return `${lines.join('\n')}\n`
    })
    .join('\n')
}

function terminalHasColors(): boolean {
  return process.stderr.isTTY === true && process.stderr.hasColors()
}

/** A diagnostic with its positions. */
export interface Located {
  readonly diagnostic: Diagnostic
  readonly position: Position | undefined
  readonly related: readonly { place: Place; position: Position | undefined; message: string }[]
}

/** By file (in the order in which they were read), then by position. */
export function inOrder(diagnostics: readonly Diagnostic[], sources: Sources = new Sources()): Located[] {
  const places = diagnostics.flatMap(({ place, related }) => [place, ...(related ?? []).map((other) => other.place)])
  const positions = locate(places, sources)
  let next = 0
  const located = diagnostics.map((diagnostic): Located => {
    const position = positions[next++]
    const related = (diagnostic.related ?? []).map((other) => ({ ...other, position: positions[next++] }))
    return { diagnostic, position, related }
  })
  const rank = new Map(sources.files.map((file, index) => [file, index]))
  const order = ({ diagnostic, position }: Located) =>
    [rank.get(diagnostic.place.file) ?? -1, position?.line ?? 0, position?.column ?? 0] as const
  return located
    .map((entry) => ({ entry, key: order(entry) }))
    .sort((a, b) => a.key[0] - b.key[0] || a.key[1] - b.key[1] || a.key[2] - b.key[2])
    .map(({ entry }) => entry)
}

function at(place: Place, position: Position | undefined): string {
  return position === undefined ? place.file : `${place.file}:${position.line}:${position.column}`
}

/** Documents choose parts of messages; they must not fake lines or send escape codes to a terminal. */
function oneLine(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]/g, (character) => (character === '\n' ? ' ' : '\ufffd'))
}

const width = 160

/** The line with the two before and one after it, and a caret below. A long line (minified JSON) is cut around it. */
function frame(text: Lines | undefined, position: Position | undefined, mark: (text: string) => string): string[] {
  if (text === undefined || position === undefined) return []
  const last = Math.min(position.line + 1, text.count)
  // What stands after the last line break is no line.
  const end = last > position.line && text.text(last) === '' && last === text.count ? last - 1 : last
  const gutter = String(end).length
  const from = position.column > width - 40 ? position.column - 40 : 0
  const shown: string[] = []
  for (let number = Math.max(1, position.line - 2); number <= end; number++) {
    const cut = oneLine(
      text
        .text(number)
        .slice(from, from + width)
        .replaceAll('\t', ' '),
    )
    shown.push(`  ${number === position.line ? mark('>') : ' '} ${String(number).padStart(gutter)} | ${cut}`.trimEnd())
    if (number !== position.line) continue
    const before = position.column - from - 1
    const length = Math.max(1, Math.min((position.endColumn ?? 0) - position.column, cut.length - before))
    shown.push(`    ${' '.repeat(gutter)} | ${' '.repeat(before)}${mark('^'.repeat(length))}`)
  }
  return shown
}
