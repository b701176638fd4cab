import { Command } from 'commander'
import { inspect } from '../index.ts'
import type { OperationPlan, ServicePlan } from '../model/service-plan.ts'
import { printDiagnostics } from '../report/print.ts'
import { printPolicies } from './print-plan.ts'

/** `specgate explain <document> [operation]`: the way of a request, with every option settled. */
export function explainCommand(exit: (code: number) => void): Command {
  return new Command('explain')
    .description('show what a request to an operation meets, with every option settled')
    .argument('<document>', 'an OpenAPI document')
    .argument('[operation]', 'an operationId; without it, every operation')
    .option('--lenient', 'as generate --lenient would compile it')
    .action(async (document: string, operation: string | undefined, options: { lenient?: boolean }) => {
      exit(await explain(document, operation, options.lenient === true))
    })
}

async function explain(document: string, wanted: string | undefined, lenient: boolean): Promise<number> {
  const { plan, diagnostics, sources } = await inspect({ document, root: process.cwd(), out: 'generated', lenient })
  if (plan === undefined) {
    process.stderr.write(printDiagnostics(diagnostics, sources))
    return 1
  }
  const shown = plan.operations.filter(({ id }) => wanted === undefined || id === wanted)
  if (shown.length === 0) {
    console.error(`${document} has no operation ${wanted}.`)
    return 2
  }
  for (const operation of shown) console.log(explainOperation(plan, operation))
  return 0
}

function explainOperation(plan: ServicePlan, operation: OperationPlan): string {
  const steps = printPolicies(plan, operation).map((step) => `  ${step}`)
  return [
    `${operation.id}: ${operation.method} ${operation.request}  ${operation.pointer}`,
    `  who may call: ${operation.access}`,
    ...steps,
    `  → ${operation.upstream.name} ${operation.upstreamMethod ?? operation.method} ${operation.upstreamPath ?? '(the same path)'}`,
    '',
  ].join('\n')
}
