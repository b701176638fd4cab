import type { Socket } from 'node:net'

/** Bytes of an interim answer that are kept back at most while its end has not come. */
const longest = 16 * 1024
const start = Buffer.from('HTTP/1.1 100')
const end = Buffer.from('\r\n\r\n')

/**
 * Takes `100 Continue` answers off what a socket reads. RFC 9110 §15.2: a client must cope with them unasked; undici 8
 * breaks the connection off ("bad response"). Bytes are looked at only where the head of an answer is due.
 */
export function dropContinue(socket: Socket, state: { readonly awaitsHead: boolean }): void {
  const read = socket.read.bind(socket)
  let held: Buffer | undefined
  socket.read = (size?: number) => {
    for (;;) {
      const chunk: Buffer | null = read(size)
      if (chunk === null || (!state.awaitsHead && held === undefined)) return chunk
      const rest = afterContinue(held === undefined ? chunk : Buffer.concat([held, chunk]))
      held = undefined
      if (!isUnsettled(rest)) return rest
      // It is not settled yet what these bytes are: they wait for more.
      held = rest.length === 0 ? undefined : rest
    }
  }
}

/** What follows the interim answers that are whole. */
function afterContinue(bytes: Buffer): Buffer {
  let rest = bytes
  while (rest.length >= start.length && mayBeContinue(rest)) {
    const at = rest.indexOf(end)
    if (at === -1) break
    rest = rest.subarray(at + end.length)
  }
  return rest
}

function isUnsettled(bytes: Buffer): boolean {
  return bytes.length <= longest && mayBeContinue(bytes)
}

function mayBeContinue(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, start.length)
  for (let i = 0; i < length; i++) {
    // The minor version may be any.
    if (i !== 7 && bytes[i] !== start[i]) return false
  }
  return true
}
