/**
 * Names that lead back to themselves, each with the number of its circle (Tarjan's strongly connected components); those in none
 * are absent.
 */
export function circlesOf(
  names: Iterable<string>,
  targetsOf: (name: string) => readonly string[],
): Map<string, number> {
  const circles = new Map<string, number>()
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const visit = (name: string): void => {
    index.set(name, index.size)
    low.set(name, index.get(name)!)
    stack.push(name)
    const targets = targetsOf(name)
    for (const target of targets) {
      if (!index.has(target)) visit(target)
      if (stack.includes(target)) low.set(name, Math.min(low.get(name)!, low.get(target)!))
    }
    if (low.get(name) !== index.get(name)) return
    const members = stack.splice(stack.indexOf(name))
    if (members.length > 1 || targets.includes(name)) {
      for (const member of members) circles.set(member, index.get(name)!)
    }
  }
  for (const name of names) if (!index.has(name)) visit(name)
  return circles
}
