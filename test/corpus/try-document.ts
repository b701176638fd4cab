import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Oracle } from './oracle.ts'
import type { Probe } from './probe.ts'
import { operationProbes } from './probes.ts'
import { runService } from './running-service.ts'
import { SourceDocument } from './source-document.ts'
import { basePath, sourceOperations } from './source-operations.ts'
import { markingUpstream, sendProbes } from './traffic.ts'

export interface Tried {
  readonly operations: number
  readonly startMilliseconds: number
  readonly startMebibytes: number
  readonly validSent: number
  readonly validPassed: number
  readonly mutationsSent: number
  readonly mutationsRefused: number
  /** Operations that no valid sample could be made for, with the reason. */
  readonly noSample: readonly (readonly [operation: string, reason: string])[]
  readonly faults: readonly ProbeFault[]
  readonly milliseconds: number
}

export interface ProbeFault {
  readonly operation: string
  readonly what: string
  readonly target: string
  readonly body: string
  readonly fault: { readonly isValid: boolean; readonly text: string }
}

/**
 * Starts the service that was emitted for a document and sends its operations what they take and what they must refuse.
 * @param document absolute
 * @param leftOut operations that are not served, as `GET /orders`
 * @throws Error where the service does not start
 */
export async function tryDocument(document: string, folder: string, leftOut: readonly string[]): Promise<Tried> {
  const start = performance.now()
  const source = new SourceDocument(document)
  const upstream = await markingUpstream()
  const service = await runService(
    join(folder, 'dist', 'server.js'),
    upstreams(folder, upstream.url + basePath(source)),
  )
  try {
    const { probes, noSample, operations } = allProbes(source, new Set(leftOut))
    const faults = await sendProbes(service.url, probes, upstream)
    const isValid = probes.map(({ expect }) => expect.kind === 'passes')
    const count = (test: (index: number) => boolean): number => probes.filter((_, index) => test(index)).length
    return {
      operations,
      startMilliseconds: service.milliseconds,
      startMebibytes: service.mebibytes,
      validSent: count((index) => isValid[index]!),
      validPassed: count((index) => isValid[index]! && faults[index] === undefined),
      mutationsSent: count((index) => !isValid[index]!),
      mutationsRefused: count((index) => !isValid[index]! && faults[index] === undefined),
      noSample,
      faults: probes.flatMap((probe, index) => {
        const fault = faults[index]
        return fault === undefined ? [] : [faultOf(probe, fault)]
      }),
      milliseconds: Math.round(performance.now() - start),
    }
  } finally {
    await service.stop()
    upstream.close()
  }
}

function faultOf({ operation, what, request, expect }: Probe, text: string): ProbeFault {
  const fault = { isValid: expect.kind === 'passes', text }
  return { operation, what, target: request.target, body: request.body?.toString().slice(0, 1000) ?? '', fault }
}

function allProbes(
  source: SourceDocument,
  leftOut: ReadonlySet<string>,
): {
  probes: Probe[]
  noSample: (readonly [string, string])[]
  operations: number
} {
  const oracle = new Oracle(source)
  const operations = sourceOperations(source, leftOut)
  const methods = Map.groupBy(operations, ({ path }) => shapeOf(path))
  const probes: Probe[] = []
  const noSample: (readonly [string, string])[] = []
  for (const operation of operations) {
    const declared = new Set(methods.get(shapeOf(operation.path))?.map(({ method }) => method))
    const made = operationProbes(operation, source, oracle, declared)
    probes.push(...made.probes)
    if (made.noSample !== undefined) noSample.push([operation.name, made.noSample])
  }
  const target = encodeURI(`${basePath(source)}${'/corpus-undeclared'.repeat(30)}`)
  const request = { method: 'GET', target, headers: [], body: undefined }
  probes.push({ operation: 'none', what: 'undeclared path', request, expect: { kind: 'refused', status: 404 } })
  return { probes, noSample, operations: operations.length }
}

/** Templates that differ in the names of variables only are one path. */
function shapeOf(path: string): string {
  return path.replace(/\{[^{}]*\}/g, '{}')
}

/** Every upstream is the one that records. */
function upstreams(folder: string, url: string): Record<string, string> {
  const text = readFileSync(join(folder, '.env.example'), 'utf8')
  const names = [...text.matchAll(/^#? ?(UPSTREAM_[A-Z0-9_]+_URL)=/gm)].map(([, name]) => name!)
  return Object.fromEntries(names.map((name) => [name, url]))
}
