import { isAscii, isUtf8 } from 'node:buffer'
import { Chooser } from './chooser.ts'
import { Cuts } from './cuts.ts'
import type { Inspect } from './inspect.ts'
import { KnownPointers } from './known-pointers.ts'
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
export type Root = State

/** Takes out of JSON texts what no schema declares. */
export class Projector {
  readonly #states: States
  readonly #options: ProjectorOptions
  readonly #chooser: Chooser
  readonly #pointers = new KnownPointers()

  constructor(shapes: JsonShapes, options: ProjectorOptions) {
    this.#states = new States(shapes)
    this.#options = options
    this.#chooser = new Chooser(this.#states, options.undeclared === 'pass')
  }

  root(shape: JsonShape): Root {
    return this.#states.of([shape])
  }

  /**
   * @param roles of who will read it
   * @returns the very same bytes where nothing was taken out
   * @throws MalformedJson, Undeclared, and what the inspection throws
   */
  project(bytes: Buffer, root: Root, roles: readonly string[], note: Note): Buffer {
    if (!isAscii(bytes) && !isUtf8(bytes)) throw new MalformedJson('UTF-8')
    const { undeclared, depth, inspect } = this.#options
    const cuts = new Cuts()
    const options = { undeclared, depth, inspect, chooser: this.#chooser, pointers: this.#pointers }
    const pass = new Pass(terminated(bytes), cuts, options, roles, note)
    try {
      pass.run(root)
    } catch (error) {
      // No JSON; or validators went deeper than the stack, since the depth is judged by the pass.
      if (error instanceof SyntaxError || error instanceof RangeError) throw new MalformedJson('JSON')
      throw error
    }
    return cuts.apply(bytes)
  }
}

/**
 * A copy with a zero behind it, which no token of JSON holds: so nothing is read beyond the end. A single such read makes
 * all reading take twice its time from then on.
 */
function terminated(bytes: Buffer): Buffer {
  const text = Buffer.allocUnsafe(bytes.length + 1)
  text.set(bytes)
  text[bytes.length] = 0
  return text
}
