import type { CorpusRequest } from './request.ts'

/** A request, and what must become of it. */
export interface Probe {
  /** `GET /orders/{orderId}` */
  readonly operation: string
  /** What the request is: `minimal`, `full`; of mutations the keyword and place. */
  readonly what: string
  readonly request: CorpusRequest
  readonly expect: Expectation
}

export type Expectation =
  /** It reaches the upstream as it was sent. */
  | { readonly kind: 'passes' }
  /** It is refused, and does not reach the upstream. */
  | { readonly kind: 'refused'; readonly status: number; readonly blames?: Blame }

/** What one of the problem's `errors` must name; a body without a pointer: any place in it. */
export type Blame =
  | { readonly parameter: string }
  | { readonly header: string }
  | { readonly body: true; readonly pointer?: string }
