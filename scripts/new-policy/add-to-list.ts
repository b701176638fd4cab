import type { PolicyNames } from './skeleton.ts'

/**
 * The list of policies with one more, right behind `after`: the list is the order in which a request meets them.
 * @throws Error where the list has no `after`
 */
export function addToList(list: string, policy: PolicyNames, after: PolicyNames): string {
  const imported = `import ${after.camel} from './${after.kebab}/policy.ts'`
  const start = list.indexOf(imported)
  const array = list.search(/^export const \w+.*\[/m)
  const entry = new RegExp(`([[,\\s])${after.camel}(?=[\\s,\\]])`, 'g')
  entry.lastIndex = Math.max(array, 0)
  const found = entry.exec(list)
  if (start < 0 || array < 0 || found === null) throw new Error(`generator/policies/index.ts has no ${after.camel}`)
  const end = found.index + found[0].length
  const withEntry = `${list.slice(0, end)}, ${policy.camel}${list.slice(end)}`
  return withEntry.replace(imported, `${imported}\nimport ${policy.camel} from './${policy.kebab}/policy.ts'`)
}
