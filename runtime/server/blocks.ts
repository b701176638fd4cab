import { type AdminActions, type AdminPages, json } from './admin-server.ts'

/** Suspensions that can be shown and lifted. */
export interface Blocks {
  list(): readonly { readonly subject: string }[]
  /** @returns how many were let in again. @param subject undefined: everybody */
  lift(subject: string | undefined): Promise<number>
}

/** `GET /blocks` on the admin listener. */
export function blockPages(blocks: Blocks | undefined): AdminPages {
  return blocks === undefined ? {} : { '/blocks': () => json(200, { blocks: blocks.list() }) }
}

/** `POST /blocks/lift` there: `{"subject": "address 192.0.2.1"}`, or `{"all": true}`. */
export function blockActions(blocks: Blocks | undefined): AdminActions {
  if (blocks === undefined) return {}
  return {
    '/blocks/lift': async (body) => {
      const request = readRequest(body)
      if (request === undefined) return json(400, { error: 'say whom: {"subject": "address …"}, or {"all": true}' })
      try {
        return json(200, { lifted: await blocks.lift(request.subject) })
      } catch {
        return json(503, { error: 'the store cannot be reached' })
      }
    },
  }
}

function readRequest(body: string): { readonly subject: string | undefined } | undefined {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { subject, all, ...rest } = value as Readonly<Record<string, unknown>>
  if (Object.keys(rest).length > 0) return undefined
  if (all === true && subject === undefined) return { subject: undefined }
  return typeof subject === 'string' && subject !== '' && all === undefined ? { subject } : undefined
}
