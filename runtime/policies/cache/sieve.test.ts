import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Kept, Sieve } from './sieve.ts'

class Thing extends Kept {
  readonly size = 1
  readonly name: number

  constructor(name: number) {
    super()
    this.name = name
  }
}

test('a scan does not push out what is used', () => {
  const sieve = new Sieve()
  const kept = new Set<Thing>()
  const add = (thing: Thing): void => {
    sieve.add(thing)
    kept.add(thing)
    while (sieve.bytes > 10) {
      const victim = sieve.victim() as Thing
      sieve.remove(victim)
      kept.delete(victim)
    }
  }
  const hot = [0, 1, 2, 3, 4].map((name) => new Thing(name))
  for (const thing of hot) add(thing)
  for (let name = 5; name < 1000; name++) {
    for (const thing of hot) thing.visited = true
    add(new Thing(name))
  }
  expect(hot.every((thing) => kept.has(thing))).toBe(true)
})

test('bytes and links stay true whatever is added and removed', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('add', 'use', 'remove', 'evict'), fc.nat(20))), (steps) => {
      const sieve = new Sieve()
      const kept: Thing[] = []
      for (const [step, at] of steps) {
        const one = kept[at % Math.max(1, kept.length)]
        if (step === 'add') {
          kept.push(new Thing(at))
          sieve.add(kept.at(-1)!)
        } else if (one === undefined) continue
        else if (step === 'use') one.visited = true
        else {
          const victim = step === 'remove' ? one : (sieve.victim() as Thing)
          sieve.remove(victim)
          kept.splice(kept.indexOf(victim), 1)
        }
        expect(sieve.bytes).toBe(kept.length)
      }
      for (let left = kept.length; left > 0; left--) sieve.remove(sieve.victim()!)
      expect([sieve.bytes, sieve.victim()]).toEqual([0, undefined])
    }),
  )
})
