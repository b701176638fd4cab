import { type AdminPage, json } from './admin-server.ts'

/** What a purge is about. At least one of the first four. */
export interface PurgeRequest {
  readonly tags?: readonly string[]
  /** Ids of operations. */
  readonly operations?: readonly string[]
  /** Paths, or URLs whose path counts; with every query, of whatever host. */
  readonly urls?: readonly string[]
  readonly all?: boolean
  /** Stale instead of gone: still there to be validated, or to stand in for a failure. */
  readonly soft?: boolean
}

/** What can be purged. */
export interface Purgeable {
  /** @returns how many answers that were in this instance's memory, once all instances have been told */
  purge(request: PurgeRequest): number | Promise<number>
}

/** `POST /cache/purge` on the admin listener. */
export function purgeAction(stored: Purgeable): (body: string) => Promise<AdminPage> {
  return async (body) => {
    const request = readRequest(body)
    if (typeof request === 'string') return json(400, { error: request })
    return json(200, { purged: await stored.purge(request), soft: request.soft === true })
  }
}

const lists = ['tags', 'operations', 'urls']
const switches = ['all', 'soft']

/** The request, or what is wrong with it. */
function readRequest(body: string): PurgeRequest | string {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return 'the body is no JSON'
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'the body is no object'
  for (const [key, member] of Object.entries(value)) {
    if (lists.includes(key)) {
      const isList = Array.isArray(member) && member.every((item) => typeof item === 'string' && item !== '')
      if (!isList) return `"${key}" must be a list of texts`
    } else if (!switches.includes(key)) return `there is nothing called ${JSON.stringify(key.slice(0, 40))}`
    else if (typeof member !== 'boolean') return `"${key}" must be true or false`
  }
  const request = value as PurgeRequest
  const isAny = [request.tags, request.operations, request.urls].some((list) => list !== undefined && list.length > 0)
  return isAny || request.all === true ? request : 'say what: "tags", "operations", "urls" or "all": true'
}
