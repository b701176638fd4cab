import type { Server } from 'node:net'
import type { Resource } from '../core/resource.ts'
import type { Patience } from './client-connection.ts'
import type { Reception } from './turn.ts'

/** What takes connections of clients, with those it has. */
export interface ClientListener {
  readonly server: Server
  readonly connectionCount: number
  /**
   * @param shared other processes listen there as well
   * @throws the listen error, e.g. EADDRINUSE
   */
  listen(host: string, port: number, shared?: boolean): Promise<void>
  /** Takes no new connections; those that are there go on. */
  stopListening(): Promise<void>
  /** Ends connections that have had no request for `quiet` milliseconds. */
  closeIdle(quiet: number): void
  destroy(): void
}

/** Opens the listener that speaks TLS; its certificates are read when the resource starts. */
export interface SecureTransport extends Resource {
  open(reception: Reception, patience: Patience): ClientListener
}
