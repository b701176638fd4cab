import type { Buffer } from 'node:buffer'
import { hasKnownAttribute } from './known-attributes.ts'
import { find, type Linked, type Match, matches } from './linked.ts'
import { NameTable } from './names.ts'
import { Output } from './output.ts'
import { type Handler, Scanner } from './scanner.ts'
import { Mode } from './text.ts'
import type { Walk } from './walk.ts'

/** What the children of an element are, without their values. */
export interface Probe {
  readonly names: ReadonlySet<string>
  /** Whether any of them is a member of the object asked about. */
  readonly known: boolean
  /** Whether any of them has such a member in it. */
  readonly holds: boolean
  /** The text of the child asked for. */
  readonly text: string | undefined
}

/** Looks at the children of the element that `xml` is. */
export function probe(xml: Buffer, walk: Walk, wanted: Match | undefined, object?: Linked): Probe {
  const out = new Output(1024, xml.length * 2 + 1024)
  const names = new Set<string>()
  let depth = 0
  let known = false
  let holds = false
  let text: string | undefined
  let reading = false
  const handler: Handler = {
    open(name, uri, parentUri) {
      depth++
      if (object !== undefined && depth === 2) holds ||= hasKnownAttribute({ scanner }, object)
      if (object !== undefined && depth === 3) holds ||= find(object, name, uri, parentUri) !== undefined
      if (depth !== 2) return
      names.add(name.qualified)
      if (object !== undefined && find(object, name, uri, parentUri) !== undefined) known = true
      if (wanted === undefined || text !== undefined || matches(wanted, name, uri, parentUri) === 0) return
      reading = true
      out.at = 0
      scanner.text.mode = Mode.raw
    },
    close() {
      if (depth-- !== 2 || !reading) return
      reading = false
      text = out.bytes.toString('utf8', 0, out.at)
      scanner.text.mode = Mode.skip
    },
    cdata() {},
  }
  const scanner: Scanner = new Scanner(new NameTable(), handler, out, walk.limits)
  scanner.startFragment(walk.scanner.namespaces.bindings)
  scanner.write(xml)
  scanner.end()
  return { names, known, holds, text }
}
