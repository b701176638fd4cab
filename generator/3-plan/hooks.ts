import type { OperationHookReferences, WrittenHooks } from '../model/hooks.ts'
import { Reference } from '../model/service-plan.ts'
import { nearest } from '../report/nearest.ts'
import type { Reporter } from '../report/reporter.ts'

const members = ['onRequest', 'onResponse'] as const

export function hooksOf(hooks: WrittenHooks | undefined, exportName: string): OperationHookReferences {
  const written = hooks?.exports.find(({ name }) => name === exportName)
  const has = (member: string): boolean => written?.members.some(({ name }) => name === member) === true
  return {
    onRequest: has('onRequest') ? new Reference('hook', `${exportName}.onRequest`) : undefined,
    onResponse: has('onResponse') ? new Reference('hook', `${exportName}.onResponse`) : undefined,
  }
}

/** A hook that names no operation, or a moment there is none of, would never run: an error, with its place. */
export function checkHooks(hooks: WrittenHooks, exportNames: readonly string[], reporter: Reporter): void {
  for (const { name, place, members: written } of hooks.exports) {
    if (!exportNames.includes(name)) {
      reporter.report('hook-unknown-operation', place, gaps(name, exportNames))
      continue
    }
    for (const member of written) {
      if ((members as readonly string[]).includes(member.name)) continue
      reporter.report('hook-unknown-member', member.place, gaps(member.name, members))
    }
  }
}

function gaps(name: string, candidates: readonly string[]): { name: string; nearest?: string } {
  const near = nearest(name, candidates)
  return near === undefined ? { name } : { name, nearest: near }
}
