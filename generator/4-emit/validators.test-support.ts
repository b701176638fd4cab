import { build } from 'esbuild'
import type { Validator } from '../../runtime/core/validator.ts'
import type { SchemaSetPlan } from '../model/service-plan.ts'
import { emitValidators } from './validators.ts'

/** The emitted module, bundled with the runtime functions it imports, and loaded. */
export async function loadValidators(schemas: SchemaSetPlan): Promise<Record<string, Validator>> {
  const { outputFiles } = await build({
    stdin: { contents: emitValidators(schemas).code, resolveDir: import.meta.dirname, loader: 'js' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    conditions: ['@specgate/source'],
  })
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0]!.text)}`) as Promise<
    Record<string, Validator>
  >
}
