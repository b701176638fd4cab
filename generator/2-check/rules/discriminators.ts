import type { SpecNode } from '../../model/spec-node.ts'
import type { Rule } from '../rule.ts'

/**
 * The property a discriminator reads, and what its mapping names, should be there.
 * https://spec.openapis.org/oas/v3.2.0.html#discriminator-object
 */
export const discriminators: Rule = (survey, reporter) => {
  for (const { node, parent } of survey.all('discriminator')) {
    const name = node.at('propertyName')
    const schema = parent?.node
    if (name?.string === undefined || schema === undefined) continue
    const branches = [...(schema.at('oneOf')?.items() ?? []), ...(schema.at('anyOf')?.items() ?? [])]
    const judged = branches.length > 0 ? branches : [schema]
    const without = judged.filter((branch) => !declares(branch, name.string!, new Map()))
    if (without.length === 0 || declares(schema, name.string, new Map())) continue
    const related = without.map(({ place }) => ({ place, message: 'does not declare it' }))
    reporter.report('discriminator-undeclared', name, { name: name.string }, related)
  }
}

/** @param known what was found out already; a schema that is being looked at declares nothing by itself */
function declares(schema: SpecNode, name: string, known: Map<unknown, boolean>): boolean {
  const answer = known.get(schema.value)
  if (answer !== undefined) return answer
  known.set(schema.value, false)
  const found = looksDeclared(schema, name, known)
  known.set(schema.value, found)
  return found
}

function looksDeclared(schema: SpecNode, name: string, known: Map<unknown, boolean>): boolean {
  if (schema.at('properties')?.at(name) !== undefined) return true
  const target = schema.reference === undefined ? undefined : schema.resolve()
  if (target !== undefined && target.value !== schema.value && declares(target, name, known)) return true
  if (
    schema
      .at('allOf')
      ?.items()
      .some((branch) => declares(branch, name, known))
  )
    return true
  return ['anyOf', 'oneOf'].some((key) => {
    const branches = schema.at(key)?.items() ?? []
    return branches.length > 0 && branches.every((branch) => declares(branch, name, known))
  })
}
