import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildContext, type BuildOptions, build, context, type Plugin } from 'esbuild'
import type { ServicePlan } from '../model/service-plan.ts'
import { deferredRoutesFile } from './deferred-routes.ts'
import { partsOfUndici } from './parts-of-undici.ts'

const here = dirname(fileURLToPath(import.meta.url))

export interface Bundling {
  /** esbuild has asked this thread all it needs to know, and works on by itself. */
  readonly underWay: Promise<void>
  readonly done: Promise<void>
}

/** What may change from one bundle of a service to the next. */
interface Turn {
  plan: ServicePlan
  reached: () => void
}

/**
 * Writes `dist/server.js`: the whole service in one file that needs nothing beside it.
 * CommonJS, because a file of that kind starts without a package.json and without a second parse.
 */
export class Bundler {
  readonly #keeps: boolean
  readonly #kept = new Map<string, { readonly turn: Turn; readonly context: BuildContext }>()

  /** @param keeps whether what has been parsed is kept for the next bundle of the same service */
  constructor(keeps = false) {
    this.#keeps = keeps
  }

  bundle(serviceFolder: string, plan: ServicePlan): Bundling {
    const asked = Promise.withResolvers<void>()
    const done = this.#build(serviceFolder, { plan, reached: asked.resolve })
    return { underWay: Promise.race([asked.promise, done]), done }
  }

  async #build(serviceFolder: string, turn: Turn): Promise<void> {
    const kept = this.#kept.get(serviceFolder)
    if (kept !== undefined) {
      Object.assign(kept.turn, turn)
      await kept.context.rebuild()
    } else if (this.#keeps) {
      const made = await context(optionsFor(serviceFolder, turn))
      this.#kept.set(serviceFolder, { turn, context: made })
      await made.rebuild()
    } else {
      await build(optionsFor(serviceFolder, turn))
    }
  }
}

function optionsFor(serviceFolder: string, turn: Turn): BuildOptions {
  return {
    entryPoints: [join(serviceFolder, 'service.ts')],
    absWorkingDir: serviceFolder,
    bundle: true,
    outfile: join(serviceFolder, 'dist', 'server.js'),
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    // In the repository both halves are TypeScript; as packages both are JavaScript.
    conditions: import.meta.url.endsWith('.ts') ? ['@specgate/source'] : [],
    banner: { js: needsNode },
    legalComments: 'eof',
    logLevel: 'silent',
    plugins: [runtimeFromHere, partsOfUndici(() => turn.reached()), deferredRoutes(serviceFolder, turn)],
    // A tsconfig of the folder's parents must not change what is deployed.
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, target: 'es2024' } },
  }
}

/** First of all, in words that every Node understands: an older one would fail somewhere with a name that says nothing. */
const needsNode = `if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write('This service needs Node.js 24 or newer; this is ' + process.version + '.\\n')
  process.exit(1)
}`

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

function deferredRoutes(serviceFolder: string, turn: Turn): Plugin {
  return {
    name: 'deferred-routes',
    setup(build) {
      build.onLoad({ filter: /[\\/]routes\.ts$/ }, ({ path }) =>
        path === join(serviceFolder, 'routes.ts')
          ? { contents: deferredRoutesFile(turn.plan), loader: 'ts', resolveDir: serviceFolder }
          : undefined,
      )
    },
  }
}
