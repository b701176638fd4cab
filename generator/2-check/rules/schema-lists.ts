import type { SpecNode } from '../../model/spec-node.ts'
import type { Rule } from '../rule.ts'

/** Lists whose members should be there, and differ. https://json-schema.org/draft/2020-12/json-schema-validation#name-enum */
export const schemaLists: Rule = (survey, reporter) => {
  for (const { node } of survey.all('schema')) {
    for (const key of ['enum', 'required', 'type'] as const) {
      const list = node.at(key)
      if (list === undefined || !Array.isArray(list.value)) continue
      if (list.value.length === 0 && key !== 'required') reporter.report('list-empty', list, { key })
      for (const repeated of repeats(list)) reporter.report('list-repeats', repeated, { key })
    }
    for (const key of ['allOf', 'anyOf', 'oneOf', 'prefixItems'] as const) {
      const list = node.at(key)
      if (Array.isArray(list?.value) && list.value.length === 0) reporter.report('list-empty', list, { key })
    }
  }
}

function repeats(list: SpecNode): SpecNode[] {
  const seen = new Set<string>()
  return list.items().filter((item) => {
    const text = typeof item.value === 'bigint' ? String(item.value) : JSON.stringify(item.value)
    const known = seen.has(text)
    seen.add(text)
    return known
  })
}
