/** A request as it goes out: nothing is added to it but `Host` and the framing. */
export interface CorpusRequest {
  readonly method: string
  readonly target: string
  /** `[name, value, …]` */
  readonly headers: readonly string[]
  readonly body: Buffer | undefined
}

/** The parts of a request, so that one can be changed. */
export interface Draft {
  readonly method: string
  readonly path: string
  readonly query: readonly string[]
  readonly headers: readonly (readonly [string, string])[]
  readonly cookies: readonly string[]
  readonly body: { readonly type: string; readonly bytes: Buffer } | undefined
}

export function requestOf({ method, path, query, headers, cookies, body }: Draft): CorpusRequest {
  return {
    method,
    target: query.length === 0 ? path : `${path}?${query.join('&')}`,
    headers: [
      ...headers.flat(),
      ...(cookies.length === 0 ? [] : ['Cookie', cookies.join('; ')]),
      ...(body === undefined ? [] : ['Content-Type', body.type]),
    ],
    body: body?.bytes,
  }
}
