import { describe, expect, it } from 'vitest'
import { type Answering, type Parcel, WorkerChannel } from './worker-channel.ts'

/** Two ends of one channel; what goes over is JSON, as between processes. */
function channels(answer: Answering) {
  const parcels: Parcel[] = []
  const there = new WorkerChannel((parcel) => here.receive(JSON.parse(JSON.stringify(parcel))), answer)
  const here: WorkerChannel = new WorkerChannel(
    (parcel) => {
      parcels.push(parcel)
      there.receive(JSON.parse(JSON.stringify(parcel)))
    },
    () => undefined,
  )
  return { here, parcels }
}

describe('the channel of a worker', () => {
  it('gives each question its own answer; those of one moment are one message', async () => {
    const { here, parcels } = channels((subject, question) =>
      subject === 'later' ? Promise.resolve([question]) : `${subject} ${String(question)}`,
    )
    const answers = await Promise.all([here.ask('a', 1), here.ask('later', 2), here.ask('b', 3)])
    expect(answers).toEqual(['a 1', [2], 'b 3'])
    expect(parcels.length).toBe(1)
  })

  it('says that it is down where there is no answer, or nobody', async () => {
    const { here } = channels((subject) => {
      if (subject === 'throws') throw new Error('secret')
      return Promise.reject(new Error('secret'))
    })
    await expect(here.ask('throws', 1)).rejects.toMatchObject({ kind: 'down' })
    await expect(here.ask('rejects', 1)).rejects.toMatchObject({ kind: 'down' })
    here.close()
    await expect(here.ask('a', 1)).rejects.toMatchObject({ kind: 'down' })
  })

  it('says that it is slow where no answer comes, and leaves what is not its own alone', async () => {
    const { here } = channels(() => new Promise(() => {}))
    here.receive({ cmd: 'NODE_CLUSTER' })
    here.receive(null)
    here.receive('text')
    await expect(here.ask('a', 1, 10)).rejects.toMatchObject({ kind: 'slow' })
  })
})
