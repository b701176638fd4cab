import { access } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { readDocument } from './1-read/read.ts'
import { checkDocument } from './2-check/check.ts'
import { narrow } from './2-check/narrow/narrow.ts'
import { planService } from './3-plan/plan.ts'
import { Bundler } from './4-emit/bundle.ts'
import { emitCode, emitPapers } from './4-emit/emit.ts'
import { leftovers, removeFiles, staleFiles, writeFiles } from './4-emit/write.ts'
import type { Diagnostic } from './model/diagnostic.ts'
import type { WrittenHooks } from './model/hooks.ts'
import type { Place } from './model/place.ts'
import type { ServicePlan } from './model/service-plan.ts'
import { policies } from './policies/index.ts'
import { inOrder } from './report/print.ts'
import { Reporter } from './report/reporter.ts'
import { Sources } from './report/sources.ts'

export interface CompileOptions {
  /** The document, relative to `root` or absolute. */
  readonly document: string
  /** The folder that places and paths are relative to: where the command runs. */
  readonly root: string
  /** Services are written to `<out>/<name>`. */
  readonly out: string
  /** Write nothing; say what is stale. */
  readonly check?: boolean
  /** Leave out the operations that need what is wrong, where it can be left out; say so in the emitted README. */
  readonly lenient?: boolean
  /** Refuse documents that leave something unprotected which they declare: schemes that nothing verifies. */
  readonly strict?: boolean
  /** Kept by whoever compiles the same documents again and again: {@link keptBundler}. */
  readonly bundler?: Bundler
  /** Called when a phase begins. */
  readonly onPhase?: (phase: Phase) => void
}

export type Phase = 'read' | 'check' | 'plan' | 'code' | 'papers' | 'bundle'

/** A bundler that remembers what it has parsed: bundling a service again takes a third of the time. */
export function keptBundler(): Bundler {
  return new Bundler(true)
}

interface Found {
  readonly name: string
  readonly folder: string
  readonly diagnostics: readonly Diagnostic[]
  /** Every file that was read. */
  readonly files: readonly string[]
  /** Files that would have been read, had they been there: overlays, hooks, what references name. */
  readonly absent: readonly string[]
  /** The texts that were read, for code frames; undefined where nothing could be. */
  readonly sources: Sources | undefined
}

export interface CompileResult extends Found {
  /** Undefined where errors kept anything from being emitted. */
  readonly service: { readonly operations: number; readonly touched: readonly string[] } | undefined
}

export interface InspectResult extends Found {
  /** Undefined where errors kept the service from being planned. */
  readonly plan: ServicePlan | undefined
}

/** Read, check, plan, emit: one document to one service. Findings are collected, never thrown. */
export async function compile(options: CompileOptions): Promise<CompileResult> {
  const { plan, ...found } = await inspect(options)
  if (plan === undefined) return { ...found, service: undefined }
  const { folder } = found
  const operations = plan.operations.length
  options.onPhase?.('code')
  const code = emitCode(plan)
  if (options.check === true) {
    const files = new Map([...code, ...emitPapers(plan)])
    const touched = [...(await staleFiles(folder, files)), ...(await leftovers(folder, new Set(files.keys())))]
    return { ...found, service: { operations, touched } }
  }
  const touched = await writeFiles(folder, code)
  const bundling = (options.bundler ?? new Bundler()).bundle(folder, plan)
  await bundling.underWay
  options.onPhase?.('papers')
  const papers = emitPapers(plan)
  touched.push(...(await writeFiles(folder, papers)))
  const removed = await leftovers(folder, new Set([...code.keys(), ...papers.keys()]))
  await removeFiles(folder, removed)
  // They are printed next, and the bundler is not ready yet.
  inOrder(found.diagnostics, found.sources)
  options.onPhase?.('bundle')
  await bundling.done
  return { ...found, service: { operations, touched: [...touched, ...removed] } }
}

/** Read, check and plan: everything there is to know of a service before it is written. */
export async function inspect(options: Omit<CompileOptions, 'check' | 'bundler'>): Promise<InspectResult> {
  const reporter = new Reporter(options.strict)
  const path = resolve(options.root, options.document)
  const file = relative(options.root, path).replaceAll('\\', '/')
  const sources = new Sources()
  const companions = await companionsOf(path)
  options.onPhase?.('read')
  const read = await readDocument(file, { root: options.root, overlays: companions.overlays, sources }, reporter)
  const name = serviceName(path, read?.tree.root.path('x-proxy', 'name')?.string)
  const folder = join(resolve(options.root, options.out), name)
  const found = {
    name,
    folder,
    diagnostics: reporter.diagnostics,
    files: sources.files.length > 0 ? sources.files : [file],
    absent: [...companions.absent, ...sources.absent],
    sources,
  }
  if (read === undefined) return { ...found, plan: undefined }
  options.onPhase?.('check')
  checkDocument(read.tree, reporter, { policies, version: read.version })
  const narrowing = options.lenient === true ? narrow(read.tree, read.version, reporter) : undefined
  const input = {
    root: options.root,
    tree: read.tree,
    documentFile: file,
    documentPath: path,
    serviceFolder: folder,
    name,
    policies,
    narrowing,
  }
  options.onPhase?.('plan')
  const broken = reporter.hasErrors
  const hooks = await hooksOf(companions.hooks, options.root, read.sources, reporter)
  if (broken) {
    planAhead({ ...input, hooks }, reporter, options.strict)
    return { ...found, plan: undefined }
  }
  const plan = planService({ ...input, hooks, reporter })
  return { ...found, plan: reporter.hasErrors ? undefined : plan }
}

/**
 * Plans a document that has errors, for what planning itself finds: an author wants to see all of it at once. Where the errors
 * keep the service from being planned, there is nothing to add; what is said of a place with an error may follow from it.
 */
function planAhead(
  input: Omit<Parameters<typeof planService>[0], 'reporter'>,
  reporter: Reporter,
  strict?: boolean,
): void {
  const later = new Reporter(strict)
  try {
    planService({ ...input, reporter: later })
  } catch {
    return
  }
  const places = reporter.diagnostics.filter(({ severity }) => severity === 'error').map(({ place }) => place)
  const follows = ({ file, pointer }: Place): boolean =>
    places.some((at) => at.file === file && (within(pointer, at.pointer) || within(at.pointer, pointer)))
  reporter.diagnostics.push(
    ...later.diagnostics.filter(({ severity, place }) => severity === 'error' && !follows(place)),
  )
}

function within(pointer: string, outer: string): boolean {
  return pointer === outer || (outer !== '' && pointer.startsWith(`${outer}/`))
}

interface Companions {
  readonly overlays: readonly string[]
  readonly hooks: string | undefined
  readonly absent: readonly string[]
}

/** `specs/orders.overlay.yaml` and `specs/orders.hooks.ts` belong to `specs/orders.yaml`. */
async function companionsOf(path: string): Promise<Companions> {
  const overlays = ['yaml', 'yml', 'json'].map((ending) => `${stemOf(path)}.overlay.${ending}`)
  const hooks = `${stemOf(path)}.hooks.ts`
  const absent = new Set<string>()
  for (const file of [...overlays, hooks]) if (!(await exists(file))) absent.add(file)
  return {
    overlays: overlays.filter((file) => !absent.has(file)),
    hooks: absent.has(hooks) ? undefined : hooks,
    absent: [...absent],
  }
}

/** Their reader is loaded only where there are any. */
async function hooksOf(
  hooks: string | undefined,
  root: string,
  sources: Sources,
  reporter: Reporter,
): Promise<WrittenHooks | undefined> {
  if (hooks === undefined) return undefined
  const { readHooks } = await import('./1-read/hooks/read-hooks.ts')
  return readHooks(hooks, relative(root, hooks).replaceAll('\\', '/'), sources, reporter)
}

function stemOf(path: string): string {
  return path.replace(/\.(ya?ml|json)$/i, '')
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** `x-proxy.name`, else the document's file name without its ending; always one safe folder name. */
function serviceName(path: string, written: string | undefined): string {
  const wanted = written ?? basename(path, basename(path).match(/\.(ya?ml|json)$/i)?.[0] ?? '')
  return wanted.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '') || basename(dirname(path)) || 'service'
}
