import { createServer } from 'node:http'
import { orderJson } from './payload.ts'

/** The reference of cache hits: node:http answering 1 KiB from memory. */
const body = Buffer.from(orderJson)
const headers = ['Content-Type', 'application/json', 'Content-Length', String(body.length)]

const server = createServer((_request, response) => {
  response.writeHead(200, headers)
  response.end(body)
})
server.listen(Number(process.env['PORT']), '127.0.0.1')
process.once('SIGTERM', () => process.exit(0))
