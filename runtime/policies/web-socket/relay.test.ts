import { once } from 'node:events'
import { Duplex } from 'node:stream'
import { expect, it } from 'vitest'
import { relay } from './relay.ts'

it('does not wait for ever for an upstream that does not read, when the client is gone', async () => {
  const times: number[] = []
  const client = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() })
  const upstream = Object.assign(new Duplex({ read() {}, write() {} }), {
    setTimeout: (milliseconds: number) => times.push(milliseconds),
  })
  const ends: boolean[] = []
  relay(7)(client, Buffer.from('never read'), upstream, (isComplete) => ends.push(isComplete))
  await once(upstream, 'resume')
  client.destroy()
  await once(client, 'close')
  expect([times, ends]).toEqual([[7], []])
  upstream.emit('timeout')
  await once(upstream, 'close')
  expect(ends).toEqual([false])
})
