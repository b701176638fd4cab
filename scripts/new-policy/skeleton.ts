/** The names of a policy in its four cases: `my-policy`, `myPolicy`, `MyPolicy`, `My policy`. */
export interface PolicyNames {
  readonly kebab: string
  readonly camel: string
  readonly pascal: string
  readonly words: string
}

export function policyNames(kebab: string): PolicyNames {
  const parts = kebab.split('-')
  const pascal = parts.map((part) => part[0]!.toUpperCase() + part.slice(1)).join('')
  const words = parts.join(' ')
  return {
    kebab,
    pascal,
    camel: pascal[0]!.toLowerCase() + pascal.slice(1),
    words: words[0]!.toUpperCase() + words.slice(1),
  }
}

/** A policy that works: it puts a field on every answer. What it is to do takes the place of that. */
export function skeleton({ kebab, camel, pascal, words }: PolicyNames): Readonly<Record<string, string>> {
  return {
    [`runtime/policies/${kebab}/${kebab}.ts`]: `import type { Policy } from '../../core/policy.ts'

export interface ${pascal}Options {
  /** What the field \`X-${pascal}\` of every answer says. */
  readonly value: string
}

/** ${words}: puts \`X-${pascal}\` on every answer, problems included. */
export function ${camel}(options: ${pascal}Options): Policy {
  const { value } = options
  return (next) => (exchange) => {
    exchange.replyFields.push('X-${pascal}', value)
    return next(exchange)
  }
}
`,
    [`runtime/policies/${kebab}/${kebab}.test.ts`]: `import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { RequestBody } from '../../core/body.ts'
import { Exchange } from '../../core/exchange.ts'
import { ${camel} } from './${kebab}.ts'

function exchange(): Exchange {
  return new Exchange({
    operation: { id: 'getThing', method: 'GET', path: '/thing' },
    method: 'GET',
    path: '/thing',
    query: '',
    pathValues: [],
    headers: [],
    body: new RequestBody(Readable.from([]), 1024),
    address: '127.0.0.1',
    requestId: 'test',
    secure: false,
    host: 'localhost',
  })
}

test('puts its field on the answer and lets the request pass', async () => {
  const given = exchange()
  const answer = { status: 200, headers: [], body: null }
  expect(await ${camel}({ value: 'yes' })(() => answer)(given)).toBe(answer)
  expect(given.replyFields).toEqual(['X-${pascal}', 'yes'])
})
`,
    [`generator/policies/${kebab}/policy.ts`]: `import type { ${camel} } from '../../../runtime/policies/${kebab}/${kebab}.ts'
import { definePolicy } from '../define.ts'

interface Options {
  readonly value: string
}

/** Puts \`X-${pascal}\` on every answer. */
export default definePolicy<typeof ${camel}, Options>({
  name: '${camel}',
  summary: 'Puts X-${pascal} on every answer.',
  levels: ['document', 'path', 'operation'],
  options: {
    type: 'object',
    required: ['value'],
    additionalProperties: false,
    properties: {
      value: { type: 'string', minLength: 1, description: 'What the field says.' },
    },
  },
  instance: 'shared',
  lower: (options) => [{ value: options.value }],
})
`,
    [`generator/policies/${kebab}/policy.test.ts`]: `import { expect, test } from 'vitest'
import policy from './policy.ts'

test('lowers its options to the arguments of the runtime factory', () => {
  if (policy.instance !== 'shared') throw new Error('expected a shared policy')
  expect(policy.lower({ value: 'yes' }, undefined as never)).toEqual([{ value: 'yes' }])
})
`,
    [`generator/policies/${kebab}/README.md`]: `# ${camel}

Puts \`X-${pascal}\` on every answer.

\`\`\`yaml
x-proxy:
  ${camel}: { value: "yes" }
\`\`\`
`,
    [`test/cases/${kebab}/adds-its-field.yaml`]: `promise: Every answer carries X-${pascal}, the proxy's own problems included.
spec:
  openapi: 3.1.1
  info: { title: T, version: "1" }
  servers: [{ url: "http://upstream.invalid" }]
  x-proxy:
    ${camel}: { value: "yes" }
  paths:
    /thing:
      get:
        parameters:
          - { name: n, in: query, schema: { type: integer } }
        responses: { "200": { description: ok } }
exchanges:
  - request: { target: "/thing?n=1" }
    expect:
      status: 200
      headers: { x-${kebab.replaceAll('-', '')}: "yes" }
      upstream: { method: GET, target: "/thing?n=1" }
  - request: { target: "/thing?n=one" }
    expect:
      status: 400
      headers: { x-${kebab.replaceAll('-', '')}: "yes" }
      upstream: none
`,
  }
}
