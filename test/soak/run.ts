import { writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { compileService } from '../support/compile-service.ts'
import { startService } from '../support/start-service.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { soakDocument } from './document.ts'
import { streamGibibytes } from './gibibyte.ts'
import { mixedUpstream } from './mixed-upstream.ts'
import { floor, mebibytes, openSockets, type Sample, sample } from './observe.ts'
import { someDeed } from './visitor.ts'

// npm run test:soak [-- --minutes 10 --visitors 40]: mixed traffic with faults against an emitted service with a small heap
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, visitors: { type: 'string', default: '40' } },
})
const minutes = Number(values.minutes)
/** MiB of the service's heap: what leaks is found before the end, not after a day. */
const heapLimit = 96
const mostResident = 256 * 1024 * 1024
/** How much the floor of memory may rise from the first half to the last third. */
const tolerance = 8 * 1024 * 1024

const folder = tempFolder('soak')
const upstream = await mixedUpstream()
writeFileSync(join(folder.path, 'soak.json'), JSON.stringify(soakDocument))
const service = await startService(await compileService(folder.path, 'soak.json'), {
  UPSTREAM_DEFAULT_URL: upstream.url,
  NODE_OPTIONS: `--max-old-space-size=${heapLimit}`,
})
const pid = service.process.pid!
const failures: string[] = []
const check = (isSo: boolean, what: string): void => {
  console.log(`${isSo ? 'ok  ' : 'FAIL'} ${what}`)
  if (!isSo) failures.push(what)
}
try {
  await sample(service, 0)
  await sleep(6_000) // the admin connection of that look is gone
  const socketsBefore = openSockets(pid)
  const started = performance.now()
  const until = started + minutes * 60_000
  const samples: Sample[] = []
  const wrong = new Map<string, number>()
  let done = 0
  const watch = (async () => {
    while (performance.now() < until) {
      samples.push(await sample(service, started))
      // Kept lines of its log would be memory of this process, not of that one.
      ;(service.log as unknown[]).length = 0
      await sleep(500)
    }
  })()
  const visitor = async (): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    while (performance.now() < until) {
      const fault = await someDeed()(service.url, agent)
      done++
      if (fault !== undefined) wrong.set(fault, (wrong.get(fault) ?? 0) + 1)
    }
    agent.destroy()
  }
  await Promise.all([watch, ...Array.from({ length: Number(values.visitors) }, visitor)])

  console.log(`${done} deeds in ${minutes} minutes`)
  for (const [what, count] of [...wrong].slice(0, 20)) console.log(`  ${count} × ${what}`)
  check(wrong.size === 0, `no lost or wrong answer (${[...wrong.values()].reduce((sum, one) => sum + one, 0)})`)
  const [early, late] = [floor(samples, 0.2, 0.5), floor(samples, 0.7, 1)]
  check(late - early <= tolerance, `flat memory: ${mebibytes(early)} early, ${mebibytes(late)} late`)
  const peak = Math.max(...samples.map(({ rss }) => rss))
  check(peak < mostResident, `resident at most ${mebibytes(peak)}`)

  const { down, up } = await streamGibibytes(service)
  const whole = down.received === 1024 ** 3 && up.received === 1024 ** 3
  check(whole, `a gibibyte down and a gibibyte up arrived whole: ${down.received}, ${up.received}`)
  check(down.peak < mostResident, `resident at most ${mebibytes(down.peak)} meanwhile`)

  let after = openSockets(pid)
  for (let i = 0; i < 120 && (upstream.connections() > 0 || (after ?? 0) > (socketsBefore ?? 0)); i++) {
    await sleep(250)
    after = openSockets(pid)
  }
  check(upstream.connections() === 0, `no connection to the upstream is left (${upstream.connections()})`)
  check((after ?? 0) <= (socketsBefore ?? 0), `no socket is left: ${socketsBefore} before, ${after} after`)
  const { inFlight } = await sample(service, started)
  check(inFlight === 0, `nothing is under way (${inFlight})`)
  check((await service.stop()) === 0, 'it ends as it should')
} finally {
  await service.stop()
  await upstream.close()
  folder.remove()
}
console.log(failures.length === 0 ? 'The soak is passed.' : `The soak has failed: ${failures.join('; ')}`)
process.exit(failures.length === 0 ? 0 : 1)
