import type { Placing } from './cache-store.ts'
import type { StoredResponse } from './stored-response.ts'

/** An answer as other instances read it: everything but the body as JSON. Undefined where it cannot be told in JSON. */
export function written(response: StoredResponse, { audience, names, variant, marks }: Placing): string | undefined {
  const { body: _, ...head } = response
  if (!Number.isFinite(response.lifetime.seconds) || !Number.isFinite(response.initialAge)) return undefined
  return JSON.stringify({ form, head, place: { audience, names, variant, marks } })
}

/** Of this version of the form: what another version has written is as if it were not there. */
const form = 1

/** Undefined for what this version has not written. */
export function read(text: string, body: Buffer): { response: StoredResponse; place: Placing } | undefined {
  try {
    const { form: found, head, place } = JSON.parse(text)
    if (found !== form) return undefined
    // JSON leaves out what is undefined; memory of its own, since a reply is a window on a larger block.
    const absent = { staleWhileRevalidate: undefined, staleIfError: undefined, etag: undefined }
    const more = { lastModified: undefined, lastModifiedTime: undefined }
    return { response: { ...absent, ...more, ...head, body: Buffer.from(body) }, place }
  } catch {
    return undefined
  }
}
