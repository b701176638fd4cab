import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

/** What node:http's parser tells while it reads: the bytes that have come in last. */
type Parsed = Socket & { readonly parser?: { getCurrentBuffer?(): Buffer } | null }

/**
 * Whether something may follow a request that offers to leave HTTP and is not let. Node's parser stops at the end of such a
 * message all the same and throws the rest of what came with it away: a request behind it would be lost, and the body of
 * one that had only begun be read as the next request. False where its head is all there is.
 */
export function mayHideMore({ socket, headers }: IncomingMessage): boolean {
  if ('transfer-encoding' in headers || (headers['content-length'] ?? '0') !== '0') return true
  const bytes = (socket as Parsed).parser?.getCurrentBuffer?.()
  return bytes === undefined || bytes.indexOf('\r\n\r\n') !== bytes.length - 4
}
