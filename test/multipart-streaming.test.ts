import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { compileService } from './support/compile-service.ts'
import { type RunningService, startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

/** Uploads longer than anybody wants to keep: judged part by part on their way to the upstream. */

const document = {
  openapi: '3.1.1',
  info: { title: 'Uploads', version: '1' },
  servers: [{ url: 'http://upstream.invalid' }],
  'x-proxy': { server: { limits: { body: '256MiB' } } },
  paths: {
    '/uploads': {
      post: {
        requestBody: {
          required: true,
          content: {
            'multipart/form-data': {
              schema: {
                type: 'object',
                required: ['title', 'file'],
                properties: {
                  title: { type: 'string', maxLength: 5 },
                  meta: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } },
                  file: { type: 'string', contentMediaType: 'application/octet-stream' },
                },
                additionalProperties: false,
              },
              encoding: { file: { contentType: 'application/octet-stream' } },
            },
          },
        },
        responses: { 200: { description: 'ok' } },
      },
    },
  },
}

/** What the upstream saw of its last request. */
interface Arrived {
  sha256: string
  bytes: number
  outcome: 'whole' | 'cut off'
}

const folder = tempFolder('multipart-streaming')
let upstream: Server
let service: RunningService
let arrived: Arrived | undefined

beforeAll(async () => {
  upstream = createServer((message, response) => {
    const hash = createHash('sha256')
    let bytes = 0
    message.on('data', (chunk: Buffer) => {
      hash.update(chunk)
      bytes += chunk.length
    })
    message.on('error', () => {})
    message.once('close', () => {
      arrived = { sha256: hash.digest('hex'), bytes, outcome: message.complete ? 'whole' : 'cut off' }
      if (message.complete) response.end('{}')
    })
  }).listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  writeFileSync(join(folder.path, 'case.yaml'), stringify(document))
  const bundle = await compileService(folder.path, 'case.yaml')
  service = await startService(bundle, {
    UPSTREAM_DEFAULT_URL: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`,
  })
}, 60_000)

beforeEach(() => {
  arrived = undefined
})

afterAll(async () => {
  await service?.stop()
  upstream.closeAllConnections()
  upstream.close()
  folder.remove()
})

const part = (name: string, content: string, type = 'text/plain'): string =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: ${type}\r\n\r\n${content}\r\n`
const file = (name = 'file'): string =>
  `--b\r\nContent-Disposition: form-data; name="${name}"; filename="f"\r\nContent-Type: application/octet-stream\r\n\r\n`
const block = Buffer.alloc(64 * 1024, '\r\n--nearly')

/** Sends a body in pieces, a number being so many blocks of a file. */
async function upload(
  pieces: readonly (string | number)[],
): Promise<{ status: number; problem: { errors: readonly object[] }; sha256: string; sent: number }> {
  const hash = createHash('sha256')
  let sent = 0
  const body = Readable.from(
    (function* () {
      for (const piece of pieces) {
        for (let i = 0; i < (typeof piece === 'number' ? piece : 1); i++) {
          const chunk = typeof piece === 'number' ? block : Buffer.from(piece)
          hash.update(chunk)
          sent += chunk.length
          yield chunk
        }
      }
    })(),
  )
  const outgoing = request(`${service.url}/uploads`, {
    method: 'POST',
    headers: { 'Content-Type': 'multipart/form-data; boundary=b' },
  })
  outgoing.on('error', () => {}) // the service may close before all has been sent
  body.pipe(outgoing)
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of response) text += String(chunk)
  body.destroy()
  return { status: response.statusCode!, problem: JSON.parse(text), sha256: hash.digest('hex'), sent }
}

describe('a long multipart body', () => {
  test('arrives byte for byte when every part is right', async () => {
    const { status, sha256, sent } = await upload([
      part('title', 'short'),
      file(),
      1_000,
      '\r\n',
      part('meta', '{"n":1}'),
      '--b--\r\n',
    ])
    expect(status).toBe(200)
    expect(arrived).toEqual({ sha256, bytes: sent, outcome: 'whole' })
  })

  test.each<[string, readonly (string | number)[], object]>([
    [
      'a part before the file',
      [part('title', 'too long'), file(), 400, '\r\n--b--'],
      { pointer: '/title', keyword: 'maxLength' },
    ],
    [
      'a part after the file',
      [part('title', 'ok'), file(), 40, '\r\n', part('meta', '{}'), '--b--'],
      { pointer: '/meta/n', keyword: 'required' },
    ],
    [
      'a part nobody declared',
      [part('title', 'ok'), file('other'), 400, '\r\n--b--'],
      { pointer: '/other', keyword: 'unknown' },
    ],
    ['a missing part', [file(), 40, '\r\n--b--'], { pointer: '/title', keyword: 'required' }],
    [
      'the media type of a file',
      [part('file', 'x'.repeat(100_000)), part('title', 'ok'), '--b--'],
      { pointer: '/file', keyword: 'mediaType' },
    ],
    ['a delimiter that never comes', [part('title', 'ok'), file(), 40], { pointer: '', keyword: 'multipart' }],
  ])('is refused for %s, and never whole for the upstream', async (_, pieces, fault) => {
    const { status, problem } = await upload(pieces)
    expect([status, problem.errors[0]]).toMatchObject([400, fault])
    // Where it was refused at once, nobody called the upstream.
    expect(arrived?.outcome ?? 'cut off').toBe('cut off')
  })
})
