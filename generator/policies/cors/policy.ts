import type { cors } from '../../../runtime/policies/cors/cors.ts'
import { definePolicy } from '../define.ts'
import { type CorsWritten, corsOfOperation } from './rules.ts'

const token = { type: 'string', pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" } as const
const tokens = { type: 'array', items: token, uniqueItems: true } as const

export default definePolicy<typeof cors, CorsWritten>({
  name: 'cors',
  summary: 'Lets pages of other origins call, and read answers and problems.',
  levels: ['document', 'path', 'operation'],
  options: {
    type: 'object',
    properties: {
      origins: {
        type: 'array',
        items: {
          type: 'string',
          pattern: '^(\\*|[a-z][a-z0-9+.-]*://[a-z0-9*.\\[\\]:-]+)$',
        },
        minItems: 1,
        uniqueItems: true,
        description:
          'Exact origins, origins with `*` for one label or the port (`https://*.example.com`), or `*` alone for anybody.',
      },
      methods: { ...tokens, description: 'Methods pages may use. Default: what the contract declares.' },
      headers: {
        ...tokens,
        description:
          'Request fields pages may set. Default: header parameters, credentials and `Content-Type` of the contract.',
      },
      expose: { ...tokens, default: [], description: 'Response fields pages may read beside the usual ones.' },
      credentials: { type: 'boolean', default: false, description: 'Whether pages may send cookies and the like.' },
      maxAge: { type: 'string', format: 'duration', description: 'How long browsers may remember a preflight.' },
    },
    required: ['origins'],
    additionalProperties: false,
  },
  instance: 'operation',
  lower(written, scope) {
    const { origins, credentials = false } = written
    const at = scope.node.at('origins') ?? scope.node
    const wrong = (problem: string): undefined => {
      scope.report('option-invalid', at, { key: 'cors.origins', problem })
      return undefined
    }
    if (origins.includes('*') && credentials) {
      return wrong(
        'cannot be "*" together with "credentials": browsers refuse it, as every page could act for its visitors',
      )
    }
    if (origins.includes('*') && origins.length > 1) return wrong('says "*", which is anybody, beside somebody')
    const unfit = origins.find((origin) => origin !== '*' && !isOrigin(origin))
    if (unfit !== undefined) {
      return wrong(
        `holds "${unfit}", which no browser sends: scheme, host and port other than the usual, in lower case`,
      )
    }
    return [corsOfOperation(written, scope.contract)]
  },
})

/** As a browser serialises it (RFC 6454 §6.2); `*` stands for one label, left of at least two, or for the port. */
function isOrigin(origin: string): boolean {
  const plain = origin.replace(/:\*$/, ':1').replaceAll('*', 'x')
  if (!URL.canParse(plain)) return false
  const { protocol, host } = new URL(plain)
  const labels = origin
    .replace(/^[^/]*\/\//, '')
    .replace(/:(\*|\d+)$/, '')
    .split('.')
  const isBounded = labels.every((label, index) => (label === '*' ? index < labels.length - 2 : !label.includes('*')))
  return isBounded && `${protocol}//${host}` === plain
}
