import type { Readable } from 'node:stream'
import type { Answer } from '../core/answer.ts'
import type { Operation } from '../core/operation.ts'
import { reject } from '../core/rejection.ts'

/** A length so many times the limit is no upload gone wrong: somebody tries what a number does to the server. */
const absurd = 128

/**
 * The operation that refuses a length beyond the limit. Usually before a byte of the body has come; a length that no upload
 * has is believed only with the first byte, since a message that is never sent needs no answer: it ends as a slow one.
 * @throws Rejection 413
 */
export function refuseTooLarge(
  operation: Operation,
  length: number,
  content: Readable,
  expectsContinue: boolean,
): Operation {
  if (expectsContinue || length <= operation.bodyLimit * absurd) throw reject('content-too-large')
  const handle = (): Promise<Answer> =>
    new Promise((_, refuse) => {
      content.once('data', () => {
        content.pause()
        refuse(reject('content-too-large'))
      })
    })
  return { ...operation, handle }
}
