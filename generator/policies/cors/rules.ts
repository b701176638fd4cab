import type { CorsOptions } from '../../../runtime/core/cors.ts'
import type { OperationContract } from '../../model/contract.ts'
import { seconds } from '../units.ts'

export interface CorsWritten {
  readonly origins: readonly string[]
  readonly methods?: readonly string[]
  readonly headers?: readonly string[]
  readonly expose?: readonly string[]
  readonly credentials?: boolean
  readonly maxAge?: string
}

/** What holds for answers that belong to no operation: a path nobody declared, a request nobody could read. */
export function corsOfDocument({ origins, expose = [], credentials = false }: CorsWritten): CorsOptions {
  return { origins, headers: [], expose, credentials }
}

export function corsOfOperation(written: CorsWritten, contract: OperationContract): CorsOptions {
  const { methods, headers = declaredHeaders(contract), maxAge } = written
  return {
    ...corsOfDocument(written),
    ...(methods === undefined ? {} : { methods }),
    headers,
    ...(maxAge === undefined ? {} : { maxAge: Math.floor(seconds(maxAge)) }),
  }
}

/** What the contract lets callers send: its header parameters, its credentials, the type of its body. */
function declaredHeaders({ parameters, security = [], requestBody }: OperationContract): string[] {
  const declared = parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name)
  const credentials = security.flat().flatMap(({ scheme }) => {
    if (scheme.type === 'apiKey')
      return scheme.in === 'header' && scheme.parameterName !== undefined ? [scheme.parameterName] : []
    return scheme.type === 'mutualTLS' ? [] : ['Authorization']
  })
  const all = [...declared, ...credentials, ...(requestBody === undefined ? [] : ['Content-Type'])]
  return all.filter((name, index) => all.findIndex((other) => other.toLowerCase() === name.toLowerCase()) === index)
}
