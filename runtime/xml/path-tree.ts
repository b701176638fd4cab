import type { PathTree } from './frame.ts'

interface Growing extends PathTree {
  isArray: boolean
  readonly children: Map<string, Growing>
}

/** @param paths local names below the root element, joined by `/` */
export function pathTree(paths: readonly string[]): PathTree {
  const root: Growing = { isArray: false, children: new Map() }
  for (const path of paths) {
    let node = root
    for (const name of path.split('/')) {
      let child = node.children.get(name)
      if (child === undefined) node.children.set(name, (child = { isArray: false, children: new Map() }))
      node = child
    }
    node.isArray = true
  }
  return root
}
