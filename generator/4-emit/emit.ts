import type { ServicePlan } from '../model/service-plan.ts'
import { textFiles } from './text-files.ts'
import { typesFile } from './types.ts'
import { hooksFile, instancesFile, operationFile, routesFile, serviceFile, settingsFile } from './typescript-files.ts'
import { emitValidators } from './validators.ts'

/** ServicePlan → the files of the service, by path relative to its folder. The same plan gives the same bytes. */
export function emitService(plan: ServicePlan): Map<string, string> {
  const validators = emitValidators(plan.schemas)
  const files = new Map<string, string>([
    ['service.ts', serviceFile(plan)],
    ['settings.ts', settingsFile(plan)],
    ['routes.ts', routesFile(plan)],
    ['upstreams.ts', instancesFile(plan.upstreams)],
    ['schemas/types.ts', typesFile(plan.servedDocument)],
    ['schemas/validators.js', validators.code],
    ['schemas/validators.d.ts', validators.types],
    ...textFiles(plan),
  ])
  if (plan.hooks !== undefined) files.set('hooks.ts', hooksFile(plan.hooks))
  if (plan.instances.length > 0) files.set('policies.ts', instancesFile(plan.instances))
  for (const operation of plan.operations) files.set(`operations/${operation.fileName}.ts`, operationFile(operation))
  return files
}
