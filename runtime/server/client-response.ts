import { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { ClientRequest } from './client-request.ts'

/** What node:http keeps at a socket, and at a response, of what is being written. */
type Written = Socket & { _httpMessage: ServerResponse | null }
type Writing = { socket: Socket | null; _closed: boolean; _flush(): void }

/**
 * A response that hangs no listener on its socket: node:http adds one with each answer and takes it off again, so that whoever writes
 * learns that the client has gone. Here the connection tells its turn; who streams listens by itself
 * (`respond.ts`). docs/decisions/requests-of-our-own.md
 */
export class ClientResponse extends ServerResponse<ClientRequest> {
  override assignSocket(socket: Socket): void {
    ;(socket as Written)._httpMessage = this
    ;(this as unknown as Writing).socket = socket
    // What has been written before its turn came.
    ;(this as unknown as Writing)._flush()
  }

  override detachSocket(socket: Socket): void {
    ;(socket as Written)._httpMessage = null
    ;(this as unknown as Writing).socket = null
  }

  /** The socket has closed before the answer was out: what node:http would do of itself. */
  cutOff(): void {
    const writing = this as unknown as Writing
    if (writing._closed) return
    writing._closed = true
    this.destroyed = true
    this.emit('close')
  }
}
