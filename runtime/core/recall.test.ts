import { expect, it } from 'vitest'
import { Recall } from './recall.ts'

/** As it is used. */
const ask = (recall: Recall<number>, text: string, made: number): boolean => {
  const known = recall.get(text)
  if (known === undefined) recall.keep(text, made)
  else expect(known).toBe(made)
  return known !== undefined
}

it('gives back what was kept, in bounded room', () => {
  const recall = new Recall<number>()
  for (let i = 0; i < 900; i++) {
    ask(recall, `text ${i}`, i)
    expect(ask(recall, `text ${i}`, i)).toBe(true)
    ask(recall, 'often', -1)
  }
  const kept = Array.from({ length: 900 }, (_, i) => recall.get(`text ${i}`)).filter((one) => one !== undefined)
  expect(kept.length).toBeLessThanOrEqual(1_024)
  // What is asked for again and again stays.
  expect(recall.get('often')).toBe(-1)
})

it('does not keep long texts', () => {
  const recall = new Recall<number>()
  recall.keep('x'.repeat(513), 1)
  expect(recall.get('x'.repeat(513))).toBeUndefined()
})

it('stands aside while nothing comes twice, and remembers again once something does', () => {
  const recall = new Recall<number>()
  for (let i = 0; i < 20_000; i++) expect(ask(recall, `once ${i}`, i)).toBe(false)
  expect(ask(recall, 'a', 1) && ask(recall, 'a', 1)).toBe(false)
  for (let i = 0; i < 20_000; i++) ask(recall, 'a', 1)
  for (let i = 0; i < 100; i++) expect(ask(recall, 'a', 1)).toBe(true)
})
