import { isDeepStrictEqual } from 'node:util'
import { Command } from 'commander'
import { inspect } from '../index.ts'
import type { OperationPlan, ServicePlan } from '../model/service-plan.ts'
import { printDiagnostics } from '../report/print.ts'
import { printPolicies } from './print-plan.ts'

/** `specgate diff <old> <new>`: what a change of a document changes for callers. Exit code 1: something does. */
export function diffCommand(exit: (code: number) => void): Command {
  return new Command('diff')
    .description('show what differs between the services of two documents; exit 1 if anything does')
    .argument('<old>', 'an OpenAPI document')
    .argument('<new>', 'an OpenAPI document')
    .action(async (before: string, after: string) => {
      exit(await diff(before, after))
    })
}

async function diff(before: string, after: string): Promise<number> {
  const plans: ServicePlan[] = []
  for (const document of [before, after]) {
    const { plan, diagnostics, sources } = await inspect({ document, root: process.cwd(), out: 'generated' })
    if (plan === undefined) process.stderr.write(printDiagnostics(diagnostics, sources))
    else plans.push(plan)
  }
  const [old, current] = plans
  if (old === undefined || current === undefined) return 2
  const changes = comparePlans(old, current)
  console.log(changes.length === 0 ? 'No difference.' : changes.join('\n'))
  return changes.length === 0 ? 0 : 1
}

/** One line per difference: `- GET /a`, `+ GET /b`, `~ GET /c: who may call: key → anybody`. */
export function comparePlans(old: ServicePlan, current: ServicePlan): string[] {
  const before = byRequest(old)
  const after = byRequest(current)
  const requests = [...new Set([...before.keys(), ...after.keys()])]
  const operations = requests.flatMap((request) => {
    const was = before.get(request)
    const is = after.get(request)
    if (was === undefined || is === undefined) return [`${was === undefined ? '+' : '-'} ${request}`]
    return compareOperations(old, was, current, is).map((change) => `~ ${request}: ${change}`)
  })
  return [...operations, ...compareSchemas(old, current)]
}

function byRequest(plan: ServicePlan): Map<string, OperationPlan> {
  return new Map(plan.operations.map((operation) => [`${operation.method} ${operation.request}`, operation]))
}

function compareOperations(old: ServicePlan, was: OperationPlan, current: ServicePlan, is: OperationPlan): string[] {
  const changes: string[] = []
  const compare = (what: string, a: string | undefined, b: string | undefined): void => {
    if (a !== b) changes.push(`${what}: ${a ?? 'none'} → ${b ?? 'none'}`)
  }
  compare('operationId', was.id, is.id)
  compare('who may call', was.access, is.access)
  compare('upstream', was.upstream.name, is.upstream.name)
  const stepsBefore = printPolicies(old, was)
  const stepsAfter = printPolicies(current, is)
  for (const step of stepsBefore) if (!stepsAfter.includes(step)) changes.push(`no longer ${step}`)
  for (const step of stepsAfter) if (!stepsBefore.includes(step)) changes.push(`now ${step}`)
  return changes
}

/** Schemas that requests or answers are checked with. */
function compareSchemas(old: ServicePlan, current: ServicePlan): string[] {
  const named = (plan: ServicePlan): Map<string, unknown> =>
    new Map([
      ...Object.entries(plan.schemas.components).map(([name, schema]): [string, unknown] => [`schema ${name}`, schema]),
      ...plan.schemas.validators.map(({ name, schema }): [string, unknown] => [`check ${name}`, schema]),
    ])
  const before = named(old)
  const after = named(current)
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    if (!before.has(name)) return [`+ ${name}`]
    if (!after.has(name)) return [`- ${name}`]
    return isDeepStrictEqual(before.get(name), after.get(name)) ? [] : [`~ ${name}`]
  })
}
