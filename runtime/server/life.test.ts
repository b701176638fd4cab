import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type FaultUpstream, faultUpstream, type RawRequest, wholeAnswer } from '../../test/support/fault-upstream.ts'
import { rawClient } from '../../test/support/raw-client.ts'
import { repository } from '../../test/support/repository.ts'

const children: ChildProcess[] = []
let upstream: FaultUpstream | undefined
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await upstream?.close()
})

function run(env: Readonly<Record<string, string>>) {
  const child = spawn(
    process.execPath,
    ['--conditions=@specgate/source', join(repository, 'test/support/process-service.ts')],
    { env: { PATH: process.env['PATH'], ...env } },
  )
  children.push(child)
  const output = { out: '', err: '' }
  child.stdout.on('data', (text) => (output.out += String(text)))
  child.stderr.on('data', (text) => (output.err += String(text)))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  const listening = async (): Promise<{ url: string; admin: string }> => {
    while (!output.out.includes('listening')) {
      await Promise.race([once(child.stdout, 'data'), ended])
      if (child.exitCode !== null) throw new Error(output.err)
    }
    return JSON.parse(output.out.split('\n').find((line) => line.includes('listening'))!)
  }
  return { child, output, ended, listening }
}
async function running(answer: (request: RawRequest) => void, env: Readonly<Record<string, string>> = {}) {
  upstream = await faultUpstream(answer)
  const service = run({ UPSTREAM_DEFAULT_URL: upstream.url, ...env })
  return { ...service, ...(await service.listening()) }
}
const request = 'GET /x HTTP/1.1\r\nHost: h\r\n\r\n'

describe('start', () => {
  it('prints everything that is wrong at once, and exits with 1', async () => {
    const { output, ended } = run({ TOKEN: 'broken', PORT: 'http', ADMIN_PORT: '99999' })
    expect(await ended).toBe(1)
    expect(output.out).toBe('')
    expect(output.err).toBe(
      [
        'test cannot start:',
        '  - UPSTREAM_DEFAULT_URL is not set (the address of the upstream "default")',
        '  - PORT is not a port number: "http"',
        '  - ADMIN_PORT is not a port number: "99999"',
        '  - upstream default: it has no target',
        '  - keys file: line 3 cannot be read',
        '',
      ].join('\n'),
    )
  })

  it('names ports that are taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const env = { UPSTREAM_DEFAULT_URL: 'http://127.0.0.1:9', PORT: String(port), ADMIN_PORT: String(port) }
    const { output, ended } = run(env)
    expect(await ended).toBe(1)
    expect(output.err).toBe(
      `test cannot start:\n  - cannot listen on 127.0.0.1:${port} (PORT): the port is in use\n  - cannot listen on 127.0.0.1:${port} (ADMIN_PORT): the port is in use\n`,
    )
    taken.close()
  })

  it('refuses addresses that are none', async () => {
    const { output, ended } = run({ UPSTREAM_DEFAULT_URL: 'ftp://x', HOST: '999.0.0.1' })
    expect(await ended).toBe(1)
    expect(output.err).toContain('upstream default: ')
  })

  it('tells where it listens, and that it is healthy', async () => {
    const { url, admin } = await running(({ socket }) => socket.write(wholeAnswer('ok')))
    expect(await (await fetch(`${url}/x`)).text()).toBe('ok')
    expect((await fetch(`${admin}/health/live`)).status).toBe(200)
    expect(await (await fetch(`${admin}/health/ready`)).json()).toEqual({ status: 'ready' })
    const metrics = await (await fetch(`${admin}/metrics`)).text()
    expect(metrics).toContain('http_requests_total{operation="get",method="GET",status="200"} 1')
    expect(metrics).toContain('http_request_duration_seconds_bucket{operation="get",le="+Inf"} 1')
    expect(metrics).toContain('process_cpu_user_seconds_total')
    expect((await fetch(`${admin}/nowhere`)).status).toBe(404)
    expect((await fetch(`${url}/health/live`)).status).toBe(404)
  })
})

describe('the end', () => {
  it('waits for what is under way, takes nothing new, exits with 0', async () => {
    const slow = await running(({ socket }) => setTimeout(() => socket.write(wholeAnswer('late')), 700))
    const busy = await rawClient(slow.url)
    const idle = await rawClient(slow.url)
    busy.send(request)
    idle.send('GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n')
    await idle.until('404')
    slow.child.kill('SIGTERM')
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect((await fetch(`${slow.admin}/health/ready`)).status).toBe(503)
    expect((await fetch(`${slow.admin}/health/live`)).status).toBe(200)
    await expect(fetch(`${slow.url}/x`)).rejects.toThrow()
    // A kept connection may still bring the request that was on its way.
    idle.send('GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n')
    expect(await idle.closed()).toMatch(/404.*404.*Connection: close/s)
    expect(await busy.closed()).toMatch(/200 OK.*Connection: close.*late$/s)
    expect(await slow.ended).toBe(0)
    expect(slow.output.out).toContain('"msg":"stopped"')
  })

  it('does not wait longer than the drain allows', async () => {
    const stuck = await running(() => {}, { DRAIN: '300' })
    const client = await rawClient(stuck.url)
    client.send(request)
    await new Promise((resolve) => setTimeout(resolve, 50))
    stuck.child.kill('SIGTERM')
    expect(await stuck.ended).toBe(0)
    expect(stuck.output.out).toContain('requests were cut off')
  })

  it('comes at once with a second signal', async () => {
    const stuck = await running(() => {})
    const client = await rawClient(stuck.url)
    client.send(request)
    await new Promise((resolve) => setTimeout(resolve, 50))
    stuck.child.kill('SIGINT')
    await new Promise((resolve) => setTimeout(resolve, 50))
    stuck.child.kill('SIGINT')
    expect(await stuck.ended).toBe(1)
  })

  it('loses no accepted request under load', async () => {
    const service = await running(({ socket }) => setTimeout(() => socket.write(wholeAnswer('ok')), 5))
    let answered = 0
    /** How many requests their connection had answered before the one that got nothing. */
    const lost: number[] = []
    /** New connections until none is taken; each is used until the service says that it closes. */
    const visitor = async (): Promise<void> => {
      for (;;) {
        const client = await rawClient(service.url).catch(() => undefined)
        if (client === undefined) return
        for (let count = 0; ; count++) {
          client.forget()
          client.send(request)
          await client.until(/\r\n\r\nok$/, 2_000).then(
            () => answered++,
            () => lost.push(count),
          )
          if (!client.received.includes('keep-alive')) break
        }
        client.socket.destroy()
      }
    }
    const visitors = Promise.all(Array.from({ length: 20 }, visitor))
    await new Promise((resolve) => setTimeout(resolve, 300))
    service.child.kill('SIGTERM')
    expect(await service.ended).toBe(0)
    await visitors
    expect(answered).toBeGreaterThan(20)
    expect(lost.filter((count) => count > 0)).toEqual([])
    // The kernel may take one more connection between the last look and the close; nobody has accepted that one.
    expect(lost.length).toBeLessThanOrEqual(1)
  })
})
