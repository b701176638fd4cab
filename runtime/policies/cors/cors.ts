import type { Answer } from '../../core/answer.ts'
import { Cors, type CorsOptions } from '../../core/cors.ts'
import { type Fields, fieldValues } from '../../core/headers.ts'
import type { Next, Policy } from '../../core/policy.ts'

/**
 * Lets pages of other origins read answers, problems of the proxy included. Preflights never come here: the server answers
 * them by what this policy says of the method that is asked for.
 */
export function cors(options: CorsOptions): Policy {
  const rules = new Cors(options)
  const wrap = (next: Next): Next => {
    return (exchange) => {
      const origins = fieldValues(exchange.headers, 'origin')
      exchange.replyFields.push(...rules.fieldsFor(origins.length === 1 ? origins[0] : undefined))
      const answer = next(exchange)
      return answer instanceof Promise ? answer.then(withoutOthers) : withoutOthers(answer)
    }
  }
  return Object.assign(wrap, { cors: rules })
}

/** Two words on who may read an answer are none to a browser: the upstream's goes. */
function withoutOthers(answer: Answer): Answer {
  const { headers } = answer
  if (!headers.some((name, index) => index % 2 === 0 && isGrant(name))) return answer
  const kept: Fields = []
  for (let i = 0; i < headers.length; i += 2) if (!isGrant(headers[i]!)) kept.push(headers[i]!, headers[i + 1]!)
  return { ...answer, headers: kept }
}

function isGrant(name: string): boolean {
  return name.length > 15 && /^access-control-(allow-|expose-headers$|max-age$)/i.test(name)
}
