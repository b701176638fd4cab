import { isAscii, isUtf8 } from 'node:buffer'
import { Chooser } from './chooser.ts'
import type { Inspect } from './inspect.ts'
import { MalformedJson } from './malformed.ts'
import { Pass } from './pass.ts'
import type { Note } from './places.ts'
import type { JsonShape, JsonShapes } from './shape.ts'
import { type State, States } from './states.ts'

export interface ProjectorOptions {
  readonly undeclared: 'pass' | 'strip' | 'block'
  /** How deep arrays and objects may nest. */
  readonly depth: number
  readonly inspect?: Inspect | undefined
}

/** What a whole text is declared to be. */
export interface Root {
  readonly state: State
  /** Whether values decide what is declared of them, more than their discriminators: then the text is parsed first. */
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
    const isChosen = this.#options.undeclared !== 'pass' && this.#states.asksValues(shape)
    return { state: this.#states.of([shape]), isChosen }
  }

  /**
   * @param roles of who will read it
   * @returns the very same bytes where nothing was taken out
   * @throws MalformedJson, Undeclared, and what the inspection throws
   */
  project(bytes: Buffer, { state, isChosen }: Root, roles: readonly string[], note: Note): Buffer {
    const ascii = isAscii(bytes)
    if (!ascii && !isUtf8(bytes)) throw new MalformedJson('UTF-8')
    const { undeclared, depth, inspect } = this.#options
    const pass = new Pass(bytes, { undeclared, depth, inspect, chooser: this.#chooser }, roles, note)
    if (!isChosen) return pass.run(state, undefined)
    try {
      // What is ASCII is latin1 as well, and made a string of in a quarter of the time.
      return pass.run(state, JSON.parse(withoutMark(bytes).toString(ascii ? 'latin1' : 'utf8')))
    } catch (error) {
      // No JSON; or validators went deeper than the stack, since the depth is judged by the pass.
      if (error instanceof SyntaxError || error instanceof RangeError) throw new MalformedJson('JSON')
      throw error
    }
  }
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}
