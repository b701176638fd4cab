import { referenceTokens } from '../../model/component-reference.ts'
import { member } from '../../model/json.ts'
import type { Places } from '../../model/spec-node.ts'
import type { Reporter } from '../../report/reporter.ts'
import { refOf } from '../link/spot.ts'
import type { Components } from './components.ts'

/**
 * Components that are references to each other in a circle: whoever follows them never arrives. Reported once per circle. A
 * schema may lead back to itself: it says nothing then, as 2-check warns.
 */
export function reportCycles(components: Components, places: Places, reporter: Reporter): void {
  const done = new Set<unknown>()
  for (const [section, holder] of components.sections) {
    if (section === 'schemas') continue
    for (const start of Object.values(holder)) {
      const way: unknown[] = []
      for (let at: unknown = start; refOf(at) !== undefined && !done.has(at); ) {
        done.add(at)
        way.push(at)
        const ref = refOf(at)!
        let next: unknown
        const [, section, name, ...deeper] = referenceTokens(ref) ?? []
        if (section !== undefined && name !== undefined && deeper.length === 0)
          next = member(components.sections.get(section), name)
        if (way.includes(next)) {
          const place = places.of(next as object) ?? { file: '', pointer: '' }
          reporter.report('ref-cycle', places.below(next, place, '$ref'), {})
        }
        at = next
      }
    }
  }
}
