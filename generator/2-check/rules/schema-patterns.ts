import { engineOf } from '../../model/pattern/engine.ts'
import { patternKind } from '../../model/pattern.ts'
import type { Place } from '../../model/place.ts'
import { keyPlace } from '../key-place.ts'
import type { Rule } from '../rule.ts'

/** "This string SHOULD be a valid regular expression, according to the ECMA-262 dialect." https://json-schema.org/draft/2020-12/json-schema-validation#name-pattern */
export const schemaPatterns: Rule = (survey, reporter) => {
  for (const { node } of survey.all('schema')) {
    const pattern = node.at('pattern')
    if (pattern?.string !== undefined) judge(pattern.string, pattern.place, node.at('maxLength')?.value)
    const keyed = node.at('patternProperties')
    for (const [key] of keyed?.entries() ?? []) judge(key, keyPlace(keyed!, key))
  }

  function judge(pattern: string, place: Place, maxLength?: unknown): void {
    const kind = patternKind(pattern)
    if (kind === 'broken') reporter.report('pattern-invalid', place, { pattern })
    else if (kind === 'foreign') reporter.report('pattern-foreign', place, { pattern })
    else {
      const engine = engineOf(pattern)
      if (engine.kind === 'never') reporter.report('pattern-explosive', place, { pattern })
      else if (engine.kind === 'automaton' && engine.exponential) reporter.report('pattern-slow', place, { pattern })
      else if (engine.kind === 'bounded' && !(typeof maxLength === 'number' && maxLength * 2 <= engine.upTo)) {
        reporter.report('pattern-bounded', place, { pattern, upTo: String(engine.upTo) })
      }
    }
  }
}
