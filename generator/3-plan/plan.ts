import { dirname, relative, resolve } from 'node:path'
import type { OperationContract, ParameterContract, SchemeContract } from '../model/contract.ts'
import type { WrittenHooks } from '../model/hooks.ts'
import { isObject, type JsonObject, member } from '../model/json.ts'
import type { Narrowing } from '../model/narrowing.ts'
import { unreachable } from '../model/path-key.ts'
import type { HooksPlan, OperationPlan, ServicePlan } from '../model/service-plan.ts'
import type { SpecNode, SpecTree } from '../model/spec-node.ts'
import type { AnyPolicy } from '../policies/define.ts'
import { restrictionsOf } from '../policies/restrictions.ts'
import { bytes } from '../policies/units.ts'
import type { Reporter } from '../report/reporter.ts'
import { accessOf } from './access.ts'
import { type FoundOperation, readOperations } from './contract/operations.ts'
import { checkHooks, hooksOf } from './hooks.ts'
import { InstancesPlan } from './instances.ts'
import { identifier, kebabCase, Names } from './names.ts'
import { ProxyOptions } from './options.ts'
import { appliedPolicies, planPolicies, verifierAsked } from './policies.ts'
import { type PoliciesOf, withProxyAnswers } from './proxy-answers.ts'
import { withReached } from './public-components.ts'
import { publicDocument, withoutExtensions } from './public-document.ts'
import { SchemasPlan } from './schemas.ts'
import type { Workbench } from './scope.ts'
import { planServer, withGuard, withPurge } from './server.ts'
import { withTls } from './server-tls.ts'
import { SettingsPlan } from './settings.ts'
import { pathOf, serverUrl, UpstreamsPlan } from './upstreams.ts'

export interface PlanInput {
  readonly tree: SpecTree
  /** Relative to where the command runs, with forward slashes. */
  readonly documentFile: string
  /** The same, absolute. */
  readonly documentPath: string
  /** Where the command runs. */
  readonly root: string
  readonly serviceFolder: string
  readonly name: string
  readonly policies: readonly AnyPolicy[]
  readonly hooks: WrittenHooks | undefined
  /** What is done without. */
  readonly narrowing?: Narrowing | undefined
  readonly reporter: Reporter
}

/** SpecNode tree → ServicePlan: every option settled, nothing of OpenAPI left. */
export function planService(input: PlanInput): ServicePlan {
  const { root } = input.tree
  const documentOptions = new ProxyOptions(root)
  const settings = new SettingsPlan()
  const basePath = planBasePath(root, documentOptions)
  const all = readOperations(root, basePath, input.narrowing?.leftOut)
  const doubles = unreachable(all.map(({ contract }) => contract))
  const found = all.filter(({ contract }) => !doubles.has(contract))
  const served = found.filter((operation) => visibilityOf(root, operation) !== 'internal')
  const shown = served.filter((operation) => visibilityOf(root, operation) === 'public')
  const bench: Workbench = {
    service: input.name,
    root,
    reporter: input.reporter,
    settings,
    instances: new InstancesPlan(),
    schemas: new SchemasPlan(root),
    hooks: input.hooks,
    verified: verifiedSchemes(served, input.policies),
    serviceFolder: input.serviceFolder,
    documentFolder: dirname(input.documentPath),
  }
  const upstreams = new UpstreamsPlan(bench, basePath)
  const server = planServer(documentOptions, settings, root)

  const names = new Names()
  const fileNames = new Names()
  const operations = served.map((operation) =>
    planOperation(operation, { bench, upstreams, policies: input.policies, names, fileNames, basePath }),
  )
  const clean = withoutExtensions(root.value as JsonObject)
  const contractOf = (found: readonly FoundOperation[], whole = clean): JsonObject =>
    publicDocument(whole, { shown: shownMethods(found), basePath })
  const servedDocument = contractOf(served)
  const applied = policiesByOperation(served, operations, input.policies, root)
  const listener = withTls(
    withGuard(withPurge(server, documentOptions, bench.instances), bench.instances),
    documentOptions,
    bench,
  )
  const info = root.get('info')
  return {
    name: input.name,
    title: info?.get('title')?.string ?? input.name,
    version: String(info?.get('version')?.value ?? ''),
    description: info?.get('description')?.string,
    documentFile: input.documentFile,
    basePath,
    settings: settings.all,
    upstreams: upstreams.all,
    instances: bench.instances.all,
    operations,
    server: listener,
    resources: bench.instances.resources,
    schemas: { ...bench.schemas.plan(), formats: formatsOf(documentOptions) },
    servedDocument,
    publicDocument: restrictionsOf(root).byRole
      ? // Who may see what stands in `x-proxy`, which is taken out afterwards.
        withReached(withoutExtensions(withProxyAnswers(contractOf(shown, root.value as JsonObject), applied)))
      : withProxyAnswers(shown.length === served.length ? servedDocument : contractOf(shown), applied),
    hooks: planHooks(input, operations),
    narrowed: [
      ...(input.narrowing?.said ?? []),
      ...[...doubles].map(
        ([{ method, key }, other]) => `${method} ${key}: no request can be told from those to ${other.key}.`,
      ),
    ],
  }
}

/** `validate.formats`: one for the document, since component schemas are shared by all operations. */
function formatsOf(options: ProxyOptions): 'assert' | 'annotate' {
  return member(options.get('validate')?.value, 'formats') === 'annotate' ? 'annotate' : 'assert'
}

function planHooks(
  { hooks, root, serviceFolder, reporter }: PlanInput,
  operations: readonly OperationPlan[],
): HooksPlan | undefined {
  if (hooks === undefined) return undefined
  checkHooks(
    hooks,
    operations.map(({ exportName }) => exportName),
    reporter,
  )
  return {
    file: relative(serviceFolder, resolve(root, hooks.file)).replaceAll('\\', '/'),
    operations: operations.map(({ exportName, id }) => {
      const written = Object.entries(hooksOf(hooks, exportName)).flatMap(([name, hook]) =>
        hook === undefined ? [] : [name],
      )
      return { exportName, id, written }
    }),
  }
}

interface OperationTools {
  readonly bench: Workbench
  readonly upstreams: UpstreamsPlan
  readonly policies: readonly AnyPolicy[]
  readonly names: Names
  readonly fileNames: Names
  readonly basePath: string
}

function planOperation({ contract, pathItem }: FoundOperation, tools: OperationTools): OperationPlan {
  const { bench, names, fileNames, basePath } = tools
  const options = new ProxyOptions(bench.root, pathItem, contract.node)
  const exportName = names.claim(identifier(contract.id, 'operation'))
  const upstream = options.get('upstream')?.value
  const named = typeof upstream === 'string' ? upstream : member(upstream, 'name')
  const path = member(upstream, 'path')
  const method = member(upstream, 'method')
  const bodyLimit = member(member(options.get('server')?.value, 'limits'), 'body')
  return {
    id: contract.id,
    exportName,
    fileName: fileNames.claim(kebabCase(exportName) || 'operation', '-'),
    method: contract.method,
    path: contract.path,
    request: basePath + contract.key,
    conditions: contract.conditions,
    summary: contract.summary,
    pointer: pointerTo(contract),
    upstream: tools.upstreams.forOperation(
      typeof named === 'string' ? named : isObject(upstream) ? 'default' : undefined,
      pathItem,
      contract.node,
    ),
    upstreamPath: typeof path === 'string' ? path : undefined,
    upstreamMethod: typeof method === 'string' ? method.toUpperCase() : undefined,
    bodyLimit: typeof bodyLimit === 'string' ? bytes(bodyLimit) : undefined,
    requestId: contract.parameters.some(isRequestId) ? 'caller' : undefined,
    policies: planPolicies(bench, tools.policies, { contract, exportName, options, documentPath: contract.key }),
    ...accessOf(contract.security, (scheme) => verifierAsked(tools.policies, scheme) !== undefined),
  }
}

function isRequestId({ name, in: place }: ParameterContract): boolean {
  return place === 'header' && name.toLowerCase() === 'x-request-id'
}

/** Each once, in the order they are met. */
function verifiedSchemes(operations: readonly FoundOperation[], policies: readonly AnyPolicy[]): SchemeContract[] {
  const schemes = new Map<string, SchemeContract>()
  for (const { contract } of operations) {
    for (const { scheme } of contract.security?.flat() ?? []) {
      if (!schemes.has(scheme.name) && verifierAsked(policies, scheme) !== undefined) schemes.set(scheme.name, scheme)
    }
  }
  return [...schemes.values()].filter(({ type }) => type !== 'mutualTLS')
}

/** `#/paths/~1orders/get`: where the author finds it. */
function pointerTo(contract: OperationContract): string {
  return `#${contract.node.place.pointer}`
}

type Visibility = 'public' | 'internal' | 'hidden'

/** `visibility`, or `x-internal: true`, which reads as internal. The operation's word counts before its path item's. */
function visibilityOf(root: SpecNode, { contract, pathItem }: FoundOperation): Visibility {
  const written = new ProxyOptions(root, pathItem, contract.node).get('visibility')?.value
  if (typeof written === 'string') return written as Visibility
  const internal = contract.node.at('x-internal') ?? pathItem.at('x-internal')
  return internal?.value === true ? 'internal' : 'public'
}

/** Path → method → operation id. */
function shownMethods(operations: readonly FoundOperation[]): Map<string, Map<string, string>> {
  const shown = new Map<string, Map<string, string>>()
  for (const { contract } of operations) {
    const { key } = contract
    shown.set(key, (shown.get(key) ?? new Map<string, string>()).set(contract.method, contract.id))
  }
  return shown
}

function policiesByOperation(
  found: readonly FoundOperation[],
  planned: readonly OperationPlan[],
  policies: readonly AnyPolicy[],
  root: SpecNode,
): PoliciesOf {
  const byKey = new Map(
    found.map(({ contract, pathItem }, i) => {
      const options = new ProxyOptions(root, pathItem, contract.node)
      return [
        `${contract.method} ${contract.key}`,
        appliedPolicies(policies, planned[i]!.policies, { contract, options }),
      ]
    }),
  )
  return (path, method) => byKey.get(`${method} ${path}`)
}

/** What stands before every path: `x-proxy.basePath`, else the path of the first server. */
function planBasePath(root: SpecNode, options: ProxyOptions): string {
  const written = options.get('basePath')?.value
  const server = root.get('servers')?.items()[0]?.resolve()
  return typeof written === 'string' ? pathOf(written) : server === undefined ? '' : pathOf(serverUrl(server))
}
