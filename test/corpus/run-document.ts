import { fork } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sourceCondition } from '../support/repository.ts'
import { type Compiled, compileDocument } from './compile-document.ts'
import type { DocumentResult } from './document-result.ts'
import { type CorpusDocument, corpus } from './documents.ts'
import type { Tried } from './try-document.ts'
import type { TypeChecker } from './type-checker.ts'

/**
 * Compiles a document, checks what is emitted and sends the running service requests.
 * @param out a folder for all services, inside the repository so that its packages resolve
 */
export async function runDocument(
  document: CorpusDocument,
  out: string,
  checker: TypeChecker,
): Promise<DocumentResult> {
  const result = { document, compiled: undefined, types: [], tried: undefined, broken: undefined }
  let compiled: Compiled
  try {
    compiled = await compileDocument(corpus, document.file, join(out, document.file.replace(/[^A-Za-z0-9]+/g, '-')))
  } catch (error) {
    return { ...result, broken: (error as Error).message }
  }
  const { folder } = compiled
  if (folder === undefined) return { ...result, compiled }
  const [types, tried] = await Promise.allSettled([
    checker.check(folder),
    tryApart(join(corpus, document.file), folder, [...(compiled.leftOut ?? []), ...compiled.unreachable]),
  ])
  return {
    ...result,
    compiled,
    types: types.status === 'fulfilled' ? types.value : [String(types.reason)],
    tried: tried.status === 'fulfilled' ? tried.value : undefined,
    broken: tried.status === 'rejected' ? (tried.reason as Error).message : undefined,
  }
}

const worker = fileURLToPath(new URL('try-worker.ts', import.meta.url))

/** In a process of its own: making samples keeps a core busy. */
function tryApart(document: string, folder: string, leftOut: readonly string[]): Promise<Tried> {
  return new Promise((resolve, fail) => {
    const child = fork(worker, [document, folder, ...leftOut], {
      execArgv: [sourceCondition],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), 600_000)
    let answer: { tried?: Tried; failed?: string } = {}
    child.on('message', (message) => {
      answer = message as typeof answer
    })
    child.on('exit', (code, signal) => {
      clearTimeout(timer)
      if (answer.tried === undefined) fail(new Error(answer.failed ?? `the traffic ended with ${signal ?? code}`))
      else resolve(answer.tried)
    })
  })
}
