import { createHash, timingSafeEqual } from 'node:crypto'
import replyFrom from '@fastify/reply-from'
import Fastify from 'fastify'
import { key, orderSchema, querySchema } from './payload.ts'

/** A peer at the same work: fastify and @fastify/reply-from with API key, rate limit and the same schemas. */
const app = Fastify({ ajv: { customOptions: { removeAdditional: false } } })
await app.register(replyFrom, { base: process.env['UPSTREAM_DEFAULT_URL'] ?? '', undici: { connections: 128 } })

const known = createHash('sha256').update(key).digest()
const quota = 1_000_000_000
let windowStart = Date.now()
let used = 0

app.addHook('onRequest', async (request, reply) => {
  const given = request.headers['x-api-key']
  const hash = createHash('sha256')
    .update(typeof given === 'string' ? given : '')
    .digest()
  if (!timingSafeEqual(hash, known)) return reply.code(401).send()
  const now = Date.now()
  if (now - windowStart >= 60_000) {
    windowStart = now
    used = 0
  }
  if (++used > quota) return reply.code(429).send()
})
const forward = {
  rewriteRequestHeaders: (_request: unknown, headers: Record<string, unknown>) => ({
    ...headers,
    'x-api-key': undefined,
  }),
}
app.get('/orders', { schema: { querystring: querySchema } }, (_request, reply) =>
  reply.from(undefined, forward as never),
)
app.post('/orders', { schema: { body: orderSchema } }, (_request, reply) => reply.from(undefined, forward as never))

await app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' })
process.once('SIGTERM', () => process.exit(0))
