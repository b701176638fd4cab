import { MalformedJson } from './malformed.ts'
import type { JsonShape, PropertyShape } from './shape.ts'
import type { State, States } from './states.ts'

/** A declared member of an object: all that any shape of the object says of it. */
export class Member {
  readonly name: string
  readonly isHidden: boolean
  /** One role of each list is needed to see it; empty: everybody may. */
  readonly visibleTo: readonly (readonly string[])[]
  /** Whether it tells which alternative holds. */
  readonly isTag: boolean
  readonly #shapes: readonly JsonShape[]
  readonly #states: States
  #state: State | undefined

  constructor(name: string, said: readonly PropertyShape[], isTag: boolean, states: States) {
    this.name = name
    this.isTag = isTag
    this.isHidden = said.includes('hidden')
    this.visibleTo = said.flatMap((one) => (isVisible(one) ? one.visibleTo : []))
    this.#shapes = said.map((one): JsonShape => (one === 'hidden' ? 'plain' : isVisible(one) ? one.value : one))
    this.#states = states
  }

  /** Whether the same stays of it, for the same readers. */
  isLike(other: Member | undefined): boolean {
    return (
      other?.state === this.state &&
      other.isHidden === this.isHidden &&
      JSON.stringify(other.visibleTo) === JSON.stringify(this.visibleTo)
    )
  }

  get state(): State {
    this.#state ??= this.#states.of(this.#shapes)
    return this.#state
  }
}

function isVisible(shape: PropertyShape): shape is Extract<PropertyShape, { visibleTo: unknown }> {
  return typeof shape === 'object' && 'visibleTo' in shape
}

/** A discriminator that is given twice would be read as one and judged as the other. */
export function meet(tag: Member, met: Member[]): void {
  if (met.includes(tag)) throw new MalformedJson('a name given twice')
  met.push(tag)
}
