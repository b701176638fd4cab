import type { IncomingMessage } from 'node:http'

/** What a sample backend sends back. */
export interface SampleAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface SampleRequest {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export type SampleBackend = (request: SampleRequest) => SampleAnswer | undefined
