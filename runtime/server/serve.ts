import { isWorker } from '../store/worker-store.ts'
import { BootError, type RunningService, type ServiceDefinition, start } from './start.ts'
import { runPrimary } from './workers/primary.ts'
import { runWorker } from './workers/run-worker.ts'
import { workerCount } from './workers/worker-count.ts'

export type { RunningService, ServiceDefinition } from './start.ts'

/**
 * Runs a service as this process, or as several that this one starts and stops (`workers`): where anything it needs is
 * missing, prints the whole list and exits with 1; SIGTERM and SIGINT drain it and exit with 0, a second one cuts it off.
 */
export async function serve(service: ServiceDefinition): Promise<RunningService> {
  if (isWorker()) return runWorker(service)
  let running: RunningService | undefined
  let isStopping = false
  const stop = (): void => {
    if (running === undefined) process.exit(0) // still starting: nothing has been accepted
    if (isStopping) {
      running.kill()
      process.exit(1)
    }
    isStopping = true
    running.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  // Before it says that it listens: whoever waits for that may stop it at once.
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  try {
    running = await begin(service)
  } catch (error) {
    if (!(error instanceof BootError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
  // One request's fault must not end all others: a proxy keeps nothing that it could leave half-written.
  process.on('uncaughtException', running.fault)
  process.on('unhandledRejection', running.fault)
  return running
}

function begin(service: ServiceDefinition): Promise<RunningService> {
  const workers = workerCount(service.workers)
  if (typeof workers === 'number') return workers === 1 ? start(service) : runPrimary(service, workers)
  const { problems, values } = service.settings
  return start({ ...service, settings: { values, problems: [...problems, workers] } })
}
