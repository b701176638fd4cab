/**
 * Takes out of a function what ajv's code generator leaves behind: constants nobody reads, blocks without content. ajv's
 * own optimiser finds a little more and takes as long as all the rest of compiling a schema.
 *
 * Works on lines: ajv writes one statement on each, and no text of a schema holds a line break. A name that occurs inside
 * such a text counts as read, which only keeps it.
 */
export function tidy(code: string): string {
  const reads = new Map<string, number>()
  const count = (name: string, by: number): void => void reads.set(name, (reads.get(name) ?? 0) + by)
  for (const [name] of code.matchAll(names)) count(name, 1)
  // `valid0` is assigned again and again; all of it goes where nothing but those assignments speaks of it.
  const verdicts = [...code.matchAll(verdict)]
  for (const [, name] of verdicts) count(name!, -1)
  for (const [, name, errors] of verdicts) if (reads.get(name!) === 0) count(errors!, -1)
  return code
    .replace(verdict, (line, name: string) => (reads.get(name) === 0 ? '' : line))
    .replace(counter, (line, name: string) => (reads.get(name) === 1 ? '' : line))
    .replace(emptyElse, '')
    .replace(emptyIf, '')
}

const names = /\b(?:_errs|valid)\d+\b/g
const verdict = /^var (valid\d+) = (_errs\d+) === errors;\n/gm
const counter = /^const (_errs\d+) = errors;\n/gm
const emptyElse = /^else \{\n\}\n/gm
const emptyIf = /^if\(.*\)\{\n\}\n(?!else)/gm
