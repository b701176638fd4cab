import { hash } from 'node:crypto'
import { expect, it } from 'vitest'
import type { Notice } from '../core/notice.ts'
import type { Listener } from '../store/subscriber.ts'
import { consumersStore } from './consumers-store.ts'

const minute = 60_000
const acme = (key: string, more: object = {}): string =>
  JSON.stringify({ roles: ['partner'], keys: [{ sha256: hash('sha256', key) }], ...more })

/** A store in memory that answers as the script does, and a clock. */
function made() {
  const records = new Map<string, string>()
  const changes: string[] = []
  const clock = { now: 0 }
  const notices: Notice[] = []
  const store = {
    name: 'store main',
    epoch: '',
    version: 0,
    isAway: false,
    asked: [] as string[],
    listener: {} as Listener,
  }
  const directory = consumersStore(
    {
      store: {
        name: store.name,
        async script(_script, _keys, [epoch, version]) {
          if (store.isAway) throw new Error('away')
          const behind = store.version - Number(version)
          const head = [store.epoch, String(store.version)]
          const known = epoch === store.epoch
          const extent =
            known && behind === 0 ? 'none' : known && epoch !== '' && behind <= changes.length ? 'some' : 'all'
          store.asked.push(extent)
          if (extent === 'none') return head
          if (extent === 'all') return [...head, 'all', ...[...records].flat()]
          return [...head, 'some', ...changes.slice(0, behind).flatMap((id) => [id, records.get(id) ?? ''])]
        },
        subscribe: (_channel, listener) => void (store.listener = listener),
        onReturn() {},
      },
    },
    { now: () => clock.now, notice: (notice) => notices.push(notice) },
  )
  const write = (id: string, record: string | undefined): void => {
    store.epoch ||= 'e1'
    store.version++
    changes.unshift(id)
    if (record === undefined) records.delete(id)
    else records.set(id, record)
  }
  const sync = async (): Promise<void> => {
    store.listener.message('')
    await new Promise((resolve) => setTimeout(resolve))
  }
  const who = (key: string): string | undefined => directory.byDigest(hash('sha256', key))?.consumer.id
  return { directory, store, records, changes, clock, notices, write, sync, who }
}

it('reads all, then what has changed', async () => {
  const { directory, store, write, sync, who } = made()
  write('acme', acme('k1'))
  await directory.start?.()
  expect([who('k1'), who('k2')]).toEqual(['acme', undefined])
  write('acme', acme('k2'))
  write('beta', acme('k1'))
  await sync()
  expect([who('k1'), who('k2')]).toEqual(['beta', 'acme'])
  write('beta', undefined)
  await sync()
  expect(who('k1')).toBeUndefined()
  await sync()
  expect(store.asked).toEqual(['all', 'some', 'some', 'none'])
  void directory.close?.()
})

it('takes another store for another, however its versions go on', async () => {
  const { directory, store, records, changes, write, sync, who } = made()
  write('acme', acme('k1'))
  await directory.start?.()
  records.clear()
  changes.length = 0
  Object.assign(store, { epoch: 'e2', version: 1 })
  write('beta', acme('k2'))
  await sync()
  expect([who('k1'), who('k2')]).toEqual([undefined, 'beta'])
  void directory.close?.()
})

it('lets a consumer whose record is wrong not call, and nobody else', async () => {
  const { directory, notices, write, who } = made()
  write('acme', acme('k1'))
  write('thief', acme('k1'))
  write('typo', acme('k2', { rolez: [] }))
  write('nonsense', '{')
  write('list', '[]')
  write('__proto__', acme('k3'))
  await directory.start?.()
  expect([who('k1'), who('k2'), who('k3')]).toEqual(['acme', undefined, '__proto__'])
  expect(notices.filter(({ level }) => level === 'error').length).toBe(4)
  expect(JSON.stringify(notices)).not.toContain(hash('sha256', 'k1'))
  void directory.close?.()
})

it('believes what it knows for a day while the store is away or has lost its memory, and nothing where it knows nothing', async () => {
  const { directory, store, clock, write, sync, who } = made()
  store.isAway = true
  await directory.start?.()
  expect(directory.ready?.()).toBe(false)
  expect(() => who('k1')).toThrow(expect.objectContaining({ status: 503 }))
  store.isAway = false
  write('acme', acme('k1'))
  await sync()
  expect([who('k1'), directory.ready?.()]).toEqual(['acme', true])
  store.isAway = true
  clock.now += 23 * 60 * minute
  await sync()
  expect(who('k1')).toBe('acme')
  Object.assign(store, { isAway: false, epoch: '', version: 0 })
  await sync()
  expect(who('k1')).toBe('acme')
  clock.now += 2 * 60 * minute
  await sync()
  expect(() => who('k1')).toThrow(expect.objectContaining({ status: 503 }))
  void directory.close?.()
})
