import type { Measure } from '../core/resource.ts'
import type { AnswerHead } from './answer-head.ts'
import type { Caller, Connection } from './connection.ts'
import type { Target } from './target.ts'

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
  watch(upstream: string, named: ReadonlyMap<string, Target>): Watch
}

export interface Watch {
  stop(): void
  measures(): readonly Measure[]
}

/** Asks every target, again and again, whether it is well; who is not gets no requests. At first all are taken to be. */
export function healthCheck(options: HealthCheckOptions): HealthCheck {
  return {
    watch(upstream, named) {
      const checks = [...named.values()].map((target) => new TargetCheck(target, options))
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
  readonly #timer: NodeJS.Timeout
  #connection: Connection | undefined = undefined
  #isAsking = false
  /** Answers in a row that say otherwise than is believed. */
  #against = 0

  constructor(target: Target, options: HealthCheckOptions) {
    this.#target = target
    this.#options = options
    this.#timer = setInterval(() => this.#ask(), options.interval).unref()
    this.#ask()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#close()
  }

  #ask(): void {
    if (this.#isAsking) return
    this.#isAsking = true
    if (this.#connection === undefined) {
      this.#connection = this.#target.wire.connection()
      this.#connection.lost = () => this.#close()
    }
    const connection = this.#connection
    const question = new Question((isGood) => {
      clearTimeout(timer)
      this.#isAsking = false
      if (!connection.isReusable) this.#close()
      this.#judge(isGood)
    }, this.#options.expect)
    const timer = setTimeout(() => {
      this.#close()
      question.onFailure()
    }, this.#options.timeout).unref()
    const headers = ['User-Agent', 'specgate-health-check']
    connection.ask(
      { path: this.#options.path, method: 'GET', headers, body: null, length: undefined, opensTunnel: false },
      question,
    )
  }

  #close(): void {
    this.#connection?.destroy()
    this.#connection = undefined
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

/** One question to a target, whose answer only its status matters of. */
class Question implements Caller {
  readonly #done: (isGood: boolean) => void
  readonly #expect: HealthCheckOptions['expect']
  #isGood = false

  constructor(done: (isGood: boolean) => void, expect: HealthCheckOptions['expect']) {
    this.#done = done
    this.#expect = expect
  }

  onHead({ status }: AnswerHead): void {
    this.#isGood = this.#expect.some(([from, to]) => status >= from && status <= to)
  }

  onEnd(): void {
    this.#done(this.#isGood)
  }

  onFailure(): void {
    this.#done(false)
  }

  onSending(): void {}
  onBodySent(): void {}
  onSent(): void {}
  onInterim(): void {}
  onBody(): void {}
  onPart(): void {}
  onTunnel(): void {}
}
