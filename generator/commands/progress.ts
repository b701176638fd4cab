import type { Phase } from '../index.ts'

/** Where output goes: a terminal, or something that is none. */
export interface Terminal {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** What is being done, and how much of the whole has been done when it starts. */
const phases: Readonly<Record<Phase, readonly [said: string, share: number]>> = {
  read: ['reading', 0],
  check: ['checking', 0.25],
  plan: ['planning', 0.4],
  code: ['writing validators and operations', 0.5],
  papers: ['writing types and documents', 0.8],
  bundle: ['bundling', 0.95],
}

/** Work shorter than this, in ms, shows no progress. */
const patience = 300
const barWidth = 20

/**
 * A line with a bar while a document is compiled, taken away when it is done. Phases hold the thread, so the line changes
 * when one ends, not by a clock. Nothing is shown where nobody watches.
 */
export class Progress {
  readonly #terminal: Terminal | undefined
  readonly #now: () => number
  #document = ''
  #started = 0
  #shown = false

  constructor(terminal: Terminal, now: () => number = () => performance.now()) {
    this.#terminal = terminal.isTTY === true ? terminal : undefined
    this.#now = now
    this.#started = now()
  }

  /** @param position e.g. `2/7`, where there are several */
  start(document: string, position = ''): void {
    this.#document = position === '' ? document : `${position} ${document}`
  }

  step(phase: Phase): void {
    if (this.#terminal === undefined || this.#now() - this.#started < patience) return
    const [said, share] = phases[phase]
    const full = Math.round(share * barWidth)
    const line = `${'█'.repeat(full)}${'░'.repeat(barWidth - full)} ${this.#document}: ${said} …`
    this.#terminal.write(`\r\x1b[2K${line.slice(0, (this.#terminal.columns ?? 80) - 1)}`)
    this.#shown = true
  }

  /** Takes the line away. */
  end(): void {
    if (this.#shown) this.#terminal?.write('\r\x1b[2K')
    this.#shown = false
  }
}
