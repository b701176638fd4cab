import { expect, test } from 'vitest'
import { Progress } from './progress.ts'

function terminal(isTTY: boolean): { isTTY: boolean; columns: number; written: string; write(text: string): void } {
  return {
    isTTY,
    columns: 60,
    written: '',
    write(text) {
      this.written += text
    },
  }
}

test('long work is shown on a terminal, and the line is taken away', () => {
  const to = terminal(true)
  let now = 0
  const progress = new Progress(to, () => now)
  progress.start('specs/orders.yaml', '2/3')
  progress.step('read')
  expect(to.written).toBe('')
  now = 400
  progress.step('check')
  expect(to.written).toBe('\r\x1b[2K█████░░░░░░░░░░░░░░░ 2/3 specs/orders.yaml: checking …')
  progress.end()
  expect(to.written.endsWith('\r\x1b[2K')).toBe(true)
})

test('a line is never longer than the terminal is wide', () => {
  const to = terminal(true)
  let now = 0
  const progress = new Progress(to, () => now)
  progress.start('a'.repeat(200))
  now = 1000
  progress.step('plan')
  expect(to.written.replace('\r\x1b[2K', '').length).toBe(59)
})

test('nothing is written where nobody watches', () => {
  const to = terminal(false)
  let now = 0
  const progress = new Progress(to, () => now)
  progress.start('specs/orders.yaml')
  now = 1000
  progress.step('check')
  progress.end()
  expect(to.written).toBe('')
})
