import { createServer } from 'node:net'
import { orderJson } from './payload.ts'

/**
 * The backend of the benchmark: answers 1 KiB of JSON to whatever comes, as cheaply as Node can, so that the proxy
 * stays the bottleneck. It understands exactly what the contestants send: requests with Content-Length or chunks.
 */
const answer = wholeAnswer('application/json', Buffer.from(orderJson))
/** What it answers below /documents. */
const document = wholeAnswer('application/octet-stream', Buffer.alloc(64 * 1024, 'd'))

function wholeAnswer(type: string, body: Buffer): Buffer {
  const head =
    `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nDate: ${new Date().toUTCString()}\r\n` +
    `Content-Length: ${body.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), body])
}

const server = createServer({ noDelay: true }, (socket) => {
  let pending = ''
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    pending += chunk.toString('latin1')
    for (let end = requestEnd(pending); end > 0; end = requestEnd(pending)) {
      socket.write(pending.startsWith('/documents', pending.indexOf(' ') + 1) ? document : answer)
      pending = pending.slice(end)
    }
  })
})
server.listen(Number(process.env['PORT']), '127.0.0.1')
process.once('SIGTERM', () => process.exit(0))

/** Where the first request of `text` ends, or 0 while it is not complete. */
function requestEnd(text: string): number {
  const head = text.indexOf('\r\n\r\n')
  if (head < 0) return 0
  const fields = text.slice(0, head)
  const length = /\r\ncontent-length: *(\d+)/i.exec(fields)
  if (length !== null) {
    const end = head + 4 + Number(length[1])
    return text.length >= end ? end : 0
  }
  if (!/\r\ntransfer-encoding: *chunked/i.test(fields)) return head + 4
  const last = text.indexOf('0\r\n\r\n', head + 4)
  return last < 0 ? 0 : last + 5
}
