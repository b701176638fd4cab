import { request as httpRequest } from 'node:http'
import type { RunningService } from '../support/start-service.ts'
import { residentBytes } from './observe.ts'

const gibibyte = 1024 ** 3
const block = Buffer.alloc(64 * 1024, 'g')

export interface Streamed {
  readonly received: number
  /** The most resident memory of the service meanwhile. */
  readonly peak: number
}

/** One gibibyte down, one up, at the same time. */
export async function streamGibibytes(service: RunningService): Promise<{ down: Streamed; up: Streamed }> {
  let peak = 0
  const look = setInterval(() => {
    peak = Math.max(peak, residentBytes(service.process.pid!))
  }, 100)
  const [down, up] = await Promise.all([download(service.url), upload(service.url)])
  clearInterval(look)
  return { down: { received: down, peak }, up: { received: up, peak } }
}

function download(url: string): Promise<number> {
  return new Promise((resolve, fail) => {
    let bytes = 0
    httpRequest(`${url}/large?bytes=${gibibyte}`, (answer) => {
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      answer.on('end', () => resolve(bytes))
      answer.on('error', fail)
    })
      .on('error', fail)
      .end()
  })
}

function upload(url: string): Promise<number> {
  return new Promise((resolve, fail) => {
    const headers = { 'Content-Type': 'application/octet-stream', 'Content-Length': gibibyte }
    const sent = httpRequest(`${url}/large`, { method: 'PUT', headers }, (answer) => {
      let text = ''
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      answer.on('end', () => resolve(Number(text)))
    })
    sent.on('error', fail)
    let left = gibibyte
    const more = (): void => {
      while (left > 0) {
        left -= block.length
        if (!sent.write(block)) {
          sent.once('drain', more)
          return
        }
      }
      sent.end()
    }
    more()
  })
}
