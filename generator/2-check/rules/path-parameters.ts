import { readPathKey } from '../../model/path-key.ts'
import { nearest } from '../../report/nearest.ts'
import { keyPlace } from '../key-place.ts'
import { listedParameters, parametersOf } from '../parameters.ts'
import { readTemplate } from '../path-template.ts'
import type { Rule } from '../rule.ts'

/**
 * "Each template expression in the path MUST correspond to a path parameter", and the reverse.
 * https://spec.openapis.org/oas/v3.2.0.html#path-templating
 */
export const pathParameters: Rule = ({ pathItems }, reporter) => {
  for (const { path, holder, node, operations } of pathItems) {
    if (path === undefined || holder === undefined) continue
    const { variables, balanced } = readTemplate(readPathKey(path).path)
    // Without an operation nothing is served, so nothing is missed.
    if (!balanced || operations.length === 0) continue
    const names = new Set(variables.flatMap(({ name, written }) => [name, written]))
    for (const variable of variables) {
      const without = operations.filter((operation) => {
        const declared = parametersOf(node, operation.node).filter((parameter) => parameter.in === 'path')
        return !declared.some(({ name }) => name === variable.name || name === variable.written)
      })
      if (without.length === 0 || variable.name === '') continue
      const related = without.map((operation) => ({
        place: operation.node.place,
        message: `needed by ${operation.method}`,
      }))
      const concerns = without.map((operation) => operation.node.place)
      reporter.report(
        'path-variable-undeclared',
        keyPlace(holder, path),
        { path, name: variable.name },
        related,
        concerns,
      )
    }
    for (const owner of [node, ...operations.map((operation) => operation.node)]) {
      for (const parameter of listedParameters(owner)) {
        if (parameter.in !== 'path' || names.has(parameter.name)) continue
        const near = nearest(parameter.name, names)
        const gaps = { name: parameter.name, path, ...(near === undefined ? {} : { nearest: near }) }
        reporter.report('path-parameter-unused', parameter.item, gaps)
      }
    }
  }
}
