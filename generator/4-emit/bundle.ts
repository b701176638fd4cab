import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import type { ServicePlan } from '../model/service-plan.ts'
import { deferredRoutesFile } from './deferred-routes.ts'
import { partsOfUndici } from './parts-of-undici.ts'

const here = dirname(fileURLToPath(import.meta.url))

export interface Bundling {
  /** esbuild has asked this thread all it needs to know, and works on by itself. */
  readonly underWay: Promise<void>
  readonly done: Promise<void>
}

/**
 * Writes `dist/server.js`: the whole service in one file that needs nothing beside it.
 * CommonJS, because a file of that kind starts without a package.json and without a second parse.
 */
export function bundle(serviceFolder: string, plan: ServicePlan): Bundling {
  const asked = Promise.withResolvers<void>()
  const building = build({
    entryPoints: [join(serviceFolder, 'service.ts')],
    absWorkingDir: serviceFolder,
    bundle: true,
    outfile: join(serviceFolder, 'dist', 'server.js'),
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    // In the repository both halves are TypeScript; as packages both are JavaScript.
    conditions: import.meta.url.endsWith('.ts') ? ['@specgate/source'] : [],
    legalComments: 'eof',
    logLevel: 'silent',
    plugins: [runtimeFromHere, partsOfUndici(asked.resolve), deferredRoutes(serviceFolder, plan)],
    // A tsconfig of the folder's parents must not change what is deployed.
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, target: 'es2024' } },
  })
  const done = building.then(() => {})
  return { underWay: Promise.race([asked.promise, done]), done }
}

/** Finds `@specgate/runtime` beside the generator, wherever the service is written to. */
const runtimeFromHere: Plugin = {
  name: 'runtime-from-here',
  setup(build) {
    build.onResolve({ filter: /^@specgate\/runtime\// }, (args) => {
      if (args.pluginData === here) return undefined
      return build.resolve(args.path, { resolveDir: here, kind: args.kind, pluginData: here })
    })
  },
}

function deferredRoutes(serviceFolder: string, plan: ServicePlan): Plugin {
  return {
    name: 'deferred-routes',
    setup(build) {
      build.onLoad({ filter: /[\\/]routes\.ts$/ }, ({ path }) =>
        path === join(serviceFolder, 'routes.ts')
          ? { contents: deferredRoutesFile(plan), loader: 'ts', resolveDir: serviceFolder }
          : undefined,
      )
    },
  }
}
