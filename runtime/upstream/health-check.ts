import type { Dispatcher } from 'undici'
import type { Measure } from '../core/resource.ts'
import { Connection } from './connection.ts'
import type { Target } from './target.ts'
import type { Wire } from './wire.ts'

/** Durations in milliseconds. */
export interface HealthCheckOptions {
  /** Of the target's host: what stands in its address before is not put before it. */
  readonly path: string
  readonly interval: number
  readonly timeout: number
  /** Good answers in a row that bring a target back, and bad ones that take it out. */
  readonly healthy: number
  readonly unhealthy: number
  /** Statuses that are good, as ranges with both ends. */
  readonly expect: readonly (readonly [from: number, to: number])[]
}

export interface HealthCheck {
  /** @param named targets by their names in the document */
  watch(upstream: string, named: ReadonlyMap<string, Target>, wire: Wire): Watch
}

export interface Watch {
  stop(): void
  measures(): readonly Measure[]
}

/** Asks every target, again and again, whether it is well; who is not gets no requests. At first all are taken to be. */
export function healthCheck(options: HealthCheckOptions): HealthCheck {
  return {
    watch(upstream, named, wire) {
      const checks = [...named.values()].map((target) => new TargetCheck(target, options, wire))
      return {
        stop() {
          for (const check of checks) check.stop()
        },
        measures() {
          const values = [...named].map(([target, { isHealthy }]) => ({
            labels: { upstream, target },
            value: isHealthy ? 1 : 0,
          }))
          return [
            {
              name: 'specgate_target_healthy',
              type: 'gauge',
              help: 'Processes whose health checks find it well.',
              values,
            },
          ]
        },
      }
    },
  }
}

class TargetCheck {
  readonly #target: Target
  readonly #options: HealthCheckOptions
  readonly #connection: Connection
  readonly #timer: NodeJS.Timeout
  #isAsking = false
  /** Answers in a row that say otherwise than is believed. */
  #against = 0

  constructor(target: Target, options: HealthCheckOptions, wire: Wire) {
    this.#target = target
    this.#options = options
    this.#connection = new Connection(target.origin, options.interval * 2, wire)
    this.#timer = setInterval(() => this.#ask(), options.interval).unref()
    this.#ask()
  }

  stop(): void {
    clearInterval(this.#timer)
    void this.#connection.client.destroy()
  }

  #ask(): void {
    if (this.#isAsking) return
    this.#isAsking = true
    let controller: Dispatcher.DispatchController | undefined
    let isOver = false
    const done = (isGood: boolean): void => {
      if (isOver) return
      isOver = true
      this.#isAsking = false
      clearTimeout(timer)
      this.#judge(isGood)
    }
    const timer = setTimeout(() => {
      done(false)
      controller?.abort(new Error('the health check took too long'))
    }, this.#options.timeout).unref()
    let isGood = false
    this.#connection.client.dispatch(
      { path: this.#options.path, method: 'GET', headers: ['User-Agent', 'specgate-health-check'] },
      {
        onRequestStart(given) {
          controller = given
          if (isOver) given.abort(new Error('too late'))
        },
        onResponseStart: (_controller, status) => {
          if (status < 200) return
          this.#connection.awaitsHead = false
          isGood = this.#options.expect.some(([from, to]) => status >= from && status <= to)
        },
        onResponseData() {},
        onResponseEnd: () => done(isGood),
        onResponseError: () => done(false),
      },
    )
  }

  #judge(isGood: boolean): void {
    const target = this.#target
    if (isGood === target.isHealthy) {
      this.#against = 0
      return
    }
    const { healthy, unhealthy } = this.#options
    if (++this.#against < (isGood ? healthy : unhealthy)) return
    this.#against = 0
    target.isHealthy = isGood
  }
}
