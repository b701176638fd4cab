import type { ServicePlan } from '../model/service-plan.ts'
import { textFiles } from './text-files.ts'
import { typesFile } from './types.ts'
import { hooksFile, instancesFile, operationFile, routesFile, serviceFile, settingsFile } from './typescript-files.ts'
import { emitValidators } from './validators.ts'
import type { Files } from './write.ts'

/*
 * ServicePlan → the files of the service, by path relative to its folder. The same plan gives the same bytes.
 * In two parts, so that the bundle can be made of the first while the second is being thought of.
 */

/** What runs. */
export function emitCode(plan: ServicePlan): Files {
  const validators = emitValidators(plan.schemas)
  const files = new Map<string, string>([
    ['service.ts', serviceFile(plan)],
    ['settings.ts', settingsFile(plan)],
    ['routes.ts', routesFile(plan)],
    ['upstreams.ts', instancesFile(plan.upstreams)],
    ['schemas/validators.js', validators.code],
    ['schemas/validators.d.ts', validators.types],
  ])
  if (plan.hooks !== undefined) files.set('hooks.ts', hooksFile(plan.hooks))
  if (plan.instances.length > 0) files.set('policies.ts', instancesFile(plan.instances))
  for (const operation of plan.operations) files.set(`operations/${operation.fileName}.ts`, operationFile(operation))
  return files
}

/** What people and tools read beside it. */
export function emitPapers(plan: ServicePlan): Files {
  return new Map([['schemas/types.ts', typesFile(plan.servedDocument)], ...textFiles(plan)])
}
