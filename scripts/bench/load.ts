import { connect } from 'node:net'

/**
 * The load generator: a process of its own, so that its work is not counted. Each connection sends its next request
 * when the answer to the last is complete. One JSON line on stdin starts a round, one on stdout is its result.
 */
export interface Round {
  readonly port: number
  /** The whole request, as it goes on the wire. */
  readonly request: string
  /** Where it holds `{n}`: so many different requests, each with another number there. */
  readonly variants?: number
  readonly connections: number
  readonly seconds: number
}

export interface RoundResult {
  readonly answers: number
  /** Answers that were no 200, and connections that broke. */
  readonly faults: number
  readonly seconds: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
}

process.stdin.setEncoding('utf8')
let pending = ''
process.stdin.on('data', (text: string) => {
  pending += text
  for (let end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n')) {
    const round = JSON.parse(pending.slice(0, end)) as Round
    pending = pending.slice(end + 1)
    void run(round).then((result) => console.log(JSON.stringify(result)))
  }
})

async function run(round: Round): Promise<RoundResult> {
  const requests = Array.from({ length: round.variants ?? 1 }, (_, n) =>
    Buffer.from(round.request.replaceAll('{n}', String(n))),
  )
  let turn = 0
  const times: number[] = []
  let faults = 0
  const started = performance.now()
  const until = started + round.seconds * 1000
  await Promise.all(Array.from({ length: round.connections }, () => client()))
  const seconds = (performance.now() - started) / 1000
  times.sort((a, b) => a - b)
  const share = (part: number): number => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0
  return { answers: times.length, faults, seconds, p50: share(0.5), p99: share(0.99) }

  function client(): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect({ port: round.port, host: '127.0.0.1', noDelay: true })
      let sent = 0
      let missing = -1
      let head = ''
      const next = (): void => {
        sent = performance.now()
        if (sent >= until) socket.end()
        else socket.write(requests[turn++ % requests.length]!)
      }
      socket.on('connect', next)
      socket.on('data', (chunk) => {
        if (missing < 0) {
          head += chunk.toString('latin1')
          const end = head.indexOf('\r\n\r\n')
          if (end < 0) return
          if (!head.startsWith('HTTP/1.1 200')) faults++
          missing = contentLength(head, end) - (head.length - end - 4)
        } else missing -= chunk.length
        if (missing > 0) return
        times.push(performance.now() - sent)
        missing = -1
        head = ''
        next()
      })
      socket.on('error', () => faults++)
      socket.on('close', () => resolve())
    })
  }
}

/** Chunked answers end, with these payloads, in the packet that holds the last chunk. */
function contentLength(head: string, end: number): number {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)
  if (length !== null) return Number(length[1])
  return head.endsWith('0\r\n\r\n') ? 0 : head.length - end
}
