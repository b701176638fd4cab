import type { Validator } from '../core/validator.ts'
import type { Asked } from './asked.ts'

/**
 * What a schema declares of JSON, as the compiler writes it into the service: plain data, linear in the document.
 * {@link import('./states.ts')} turns it into tables, when the first answer needs them.
 *
 * - `any`: the schema says nothing, or says that anything may stand there
 * - `plain`: no member is declared; scalars stay, an object is left without members
 * - `is`: a component schema, with those that extend it where it has a discriminator; `base`: without them
 */
export type JsonShape<V = Validator> =
  | 'any'
  | 'plain'
  | { readonly is: string }
  | { readonly base: string }
  | StructuredShape<V>

/** All of it holds for one value. */
export interface StructuredShape<V = Validator> {
  /** Shapes that hold as well. */
  readonly all?: readonly JsonShape<V>[]
  readonly properties?: { readonly [name: string]: PropertyShape<V> }
  readonly patterns?: readonly PatternShape<V>[]
  /** Members that are neither; false: there are none, whatever other shapes of the same value say of such. */
  readonly additional?: PropertyShape<V> | false
  /** Members of which no shape of the same value says anything. */
  readonly unevaluated?: PropertyShape<V> | false
  /** Which names members may have that are not in `properties`. */
  readonly names?: V
  readonly prefix?: readonly ItemShape<V>[]
  /** Items after those; false: there are none. */
  readonly items?: ItemShape<V> | false
  /** Items of which no shape of the same value says anything. */
  readonly unevaluatedItems?: ItemShape<V> | false
  /** Shapes that hold for some values. */
  readonly choices?: readonly ShapeChoice<V>[]
  /** Of a component: what extends it, by discriminator. */
  readonly heirs?: ShapeChoice<V>
}

/** `hidden`: nobody gets it. */
export type PropertyShape<V = Validator> = JsonShape<V> | 'hidden' | VisibleShape<V>

/** `hidden`: nobody gets it. */
export type ItemShape<V = Validator> = JsonShape<V> | 'hidden'

export interface VisibleShape<V = Validator> {
  /** One role of each list is needed to see it. */
  readonly visibleTo: readonly (readonly string[])[]
  readonly value: JsonShape<V>
}

/** Members by their name. */
export interface PatternShape<V = Validator> {
  readonly pattern: string
  readonly flags: string
  /** Where it is slow with long names: longer ones do not match. */
  readonly upTo?: number
  readonly value: PropertyShape<V>
}

export interface ShapeChoice<V = Validator> {
  /** The property that tells, where there is a discriminator. */
  readonly by?: string
  /** The word that counts where the property is absent or has another. */
  readonly otherwise?: string
  /** Whether each alternative stands for itself (`if`, `dependentSchemas`): none need hold. */
  readonly optional?: true
  readonly of: readonly ShapeAlternative<V>[]
}

export interface ShapeAlternative<V = Validator> {
  /** Values of the discriminator. */
  readonly words?: readonly string[]
  /** It holds for values that this accepts. */
  readonly when?: V
  /** It holds for values that this refuses. */
  readonly unless?: V
  /** What that validator asks, where it can be told from the text. */
  readonly asked?: Asked<V>
  /** It holds for objects with this member. */
  readonly has?: string
  readonly value: JsonShape<V>
}

/** What the component schemas of a document declare, and what alternatives ask by them, by name. */
export interface JsonShapes<V = Validator> {
  readonly shapes: ReadonlyMap<string, JsonShape<V>>
  readonly asked: ReadonlyMap<string, Asked<V>>
}

export function jsonShapes(
  shapes: { readonly [name: string]: JsonShape },
  asked: { readonly [name: string]: Asked } = {},
): JsonShapes {
  return { shapes: new Map(Object.entries(shapes)), asked: new Map(Object.entries(asked)) }
}
