import type { Place } from '../../model/place.ts'
import type { Places } from '../../model/spec-node.ts'
import type { Reporter } from '../../report/reporter.ts'
import type { Files } from '../link/files.ts'
export function applyOverlays(
  value: unknown,
  _p: Place,
  _o: readonly string[],
  _f: Files,
  _pl: Places,
  _r: Reporter,
): unknown {
  return value
}
