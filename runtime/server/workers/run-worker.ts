import { answersPrimary, workerChannel } from '../../store/worker-store.ts'
import { BootError, type RunningService, type ServiceDefinition, start } from '../start.ts'
import type { Birth } from './worker-process.ts'

/**
 * Serves as one of several processes: the primary has the admin listener and says when to stop. It also stops when the primary
 * is gone, and by SIGTERM of its own; the primary then puts another one in its place.
 */
export async function runWorker(service: ServiceDefinition): Promise<RunningService> {
  const channel = workerChannel()
  let running: RunningService | undefined
  let isStopping = false
  const stop = (): void => {
    if (running === undefined) process.exit(0)
    if (isStopping) return
    isStopping = true
    const { inside, close } = running
    // What it has counted stays counted.
    const farewell = inside.snapshot().then((numbers) => channel.ask('farewell', numbers))
    Promise.allSettled([close(), farewell]).then(() => process.exit(0))
  }
  answersPrimary('stop', stop)
  process.on('SIGTERM', stop)
  // Ctrl-C reaches every process of the terminal: the primary says what follows from it.
  process.on('SIGINT', () => {})
  process.once('disconnect', stop)
  const tell = (birth: Birth): Promise<unknown> => channel.ask('born', birth, 10_000)
  try {
    running = await start(service, { isWorker: true })
  } catch (error) {
    if (!(error instanceof BootError)) throw error
    await tell({ problems: error.problems }).catch(() => {})
    process.exit(1)
  }
  const { inside, url } = running
  answersPrimary('page', (path) => inside.page(String(path)))
  answersPrimary('action', (asked) => {
    const [path, body] = asked as readonly [string, string]
    return inside.action(path, body)
  })
  answersPrimary('snapshot', () => inside.snapshot())
  process.on('uncaughtException', running.fault)
  process.on('unhandledRejection', running.fault)
  await tell({ url }).catch(stop)
  return running
}
