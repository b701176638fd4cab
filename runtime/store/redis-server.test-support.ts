import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createConnection, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Under CI it is always there: `.ci/run` installs it. Elsewhere tests that need it are skipped by name. */
export const hasRedis = process.env['CI'] !== undefined || spawnSync('redis-server', ['--version']).status === 0

/** A server of the test's own, in memory only, that can be killed, stopped and started again on the same port. */
export class RedisServer {
  readonly port: number
  #child: ChildProcess | undefined

  /** A folder in which everything is kept at once; undefined: nothing outlives the server. */
  readonly #folder: string | undefined

  private constructor(port: number, folder: string | undefined) {
    this.port = port
    this.#folder = folder
  }

  /** @param folder where it keeps what it holds, so that it has it again after it was killed */
  static async start(folder?: string): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), folder)
    await server.up()
    return server
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  async up(): Promise<void> {
    const kept = ['--appendonly', 'yes', '--appendfsync', 'always', '--dir', this.#folder ?? '']
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '']
    this.#child = spawn('redis-server', this.#folder === undefined ? args : [...args, ...kept], { stdio: 'ignore' })
    for (let i = 0; i < 200; i++) {
      if (await answers(this.port)) return
      await sleep(20)
    }
    throw new Error('redis-server does not answer')
  }

  async kill(): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    this.#child = undefined
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  /** Hangs it: connections stay open, nothing is answered. */
  freeze(): void {
    this.#child?.kill('SIGSTOP')
  }

  thaw(): void {
    this.#child?.kill('SIGCONT')
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.once('data', (data) => {
      resolve(String(data).startsWith('+PONG'))
      socket.destroy()
    })
    socket.once('error', () => resolve(false))
  })
}
