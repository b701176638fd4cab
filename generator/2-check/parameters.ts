import type { SpecNode } from '../model/spec-node.ts'

/** A parameter where it is listed, with the object it is (a reference followed). */
export interface ListedParameter {
  readonly name: string
  readonly in: string
  /** The list's item: the reference, where there is one. */
  readonly item: SpecNode
  readonly node: SpecNode
}

/** The sound members of a `parameters` list. */
export function listedParameters(owner: SpecNode): ListedParameter[] {
  return (owner.get('parameters')?.items() ?? []).flatMap((item) => {
    const node = item.resolve()
    const name = node.get('name')?.string
    const place = node.get('in')?.string
    return name === undefined || place === undefined ? [] : [{ name, in: place, item, node }]
  })
}

/** What applies to an operation: the path item's parameters, overridden by its own of the same name and place. */
export function parametersOf(pathItem: SpecNode, operation: SpecNode): ListedParameter[] {
  const merged = new Map<string, ListedParameter>()
  for (const parameter of [...listedParameters(pathItem), ...listedParameters(operation)]) {
    merged.set(`${parameter.in}:${parameter.name}`, parameter)
  }
  return [...merged.values()]
}
