import { isUtf8 } from 'node:buffer'
import { Chooser } from './chooser.ts'
import type { Inspect } from './inspect.ts'
import { MalformedJson } from './malformed.ts'
import { type Note, Pass } from './pass.ts'
import type { JsonShape, JsonShapes } from './shape.ts'
import { type State, States } from './states.ts'
import { parseSurely } from './survey.ts'

export interface ProjectorOptions {
  readonly undeclared: 'pass' | 'strip' | 'block'
  /** How deep arrays and objects may nest. */
  readonly depth: number
  readonly inspect?: Inspect | undefined
}

/** What a whole text is declared to be. */
export interface Root {
  readonly state: State
  /** Whether values decide what is declared of them: then the text is parsed first. */
  readonly isChosen: boolean
}

/** Takes out of JSON texts what no schema declares. */
export class Projector {
  readonly #states: States
  readonly #options: ProjectorOptions
  readonly #chooser: Chooser

  constructor(shapes: JsonShapes, options: ProjectorOptions) {
    this.#states = new States(shapes)
    this.#options = options
    this.#chooser = new Chooser(this.#states, options.undeclared === 'pass')
  }

  root(shape: JsonShape): Root {
    const isChosen = this.#options.undeclared !== 'pass' && this.#states.hasChoices(shape)
    return { state: this.#states.of([shape]), isChosen }
  }

  /**
   * @param roles of who will read it
   * @returns the very same bytes where nothing was taken out
   * @throws MalformedJson, Undeclared, and what the inspection throws
   */
  project(bytes: Buffer, { state, isChosen }: Root, roles: readonly string[], note: Note): Buffer {
    if (!isUtf8(bytes)) throw new MalformedJson('UTF-8')
    const { undeclared, depth, inspect } = this.#options
    const value = isChosen ? parseSurely(withoutMark(bytes), depth) : undefined
    return new Pass(bytes, { undeclared, depth, inspect, chooser: this.#chooser }, roles, note).run(state, value)
  }
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}
