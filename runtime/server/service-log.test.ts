import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'

/** A process that writes 2 MB of lines, more than a pipe takes, and ends. */
const writer = `
  import { serviceLog } from ${JSON.stringify(new URL('service-log.ts', import.meta.url).href)}
  const log = serviceLog('test', 'info')
  for (let i = 0; i < 20_000; i++) log.line(JSON.stringify({ i, filler: 'x'.repeat(80) }) + '\\n')
  log.flush()
  process.exit(0)
`

function start() {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', writer], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { child, ended: once(child, 'exit') }
}

describe('serviceLog at the end of a process', () => {
  it('loses no line where somebody reads', async () => {
    const { child, ended } = start()
    let next = 0
    for await (const line of createInterface({ input: child.stdout })) {
      if ((JSON.parse(line) as { i: number }).i === next) next++
    }
    expect(next).toBe(20_000)
    expect(await ended).toEqual([0, null])
  }, 60_000)

  it('does not wait for ever for a reader that has stopped', async () => {
    const { child, ended } = start()
    child.stdout.pause()
    expect(await ended).toEqual([0, null])
    child.stdout.destroy()
  }, 60_000)
})
