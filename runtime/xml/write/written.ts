/** What an element or attribute is called in the output. */
export interface WrittenName {
  readonly local: string
  /** Undefined: that of the elements round it that name a namespace. */
  readonly prefix: string | undefined
  /** What elements without a namespace of their own are called by inside of this one; undefined: as outside. */
  readonly inner: string | undefined
}

export const Kind = { scalar: 0, object: 1, array: 2, any: 3, choice: 4, tuple: 5 } as const
export type Kind = (typeof Kind)[keyof typeof Kind]

export interface WrittenMember {
  readonly key: string
  readonly node: 'element' | 'attribute' | 'text' | 'cdata' | 'none'
  readonly name: WrittenName
  readonly value: Written
}

export interface WrittenPlace {
  /** Undefined: called as the array is. */
  readonly name: WrittenName | undefined
  /** That name is the place's own: what stands there cannot be called otherwise. */
  readonly isNamed: boolean
  readonly isText: boolean
  readonly value: Written
}

export interface WrittenAlternative {
  readonly is: readonly string[]
  /** What items of it are called. */
  readonly called: WrittenName | undefined
  readonly value: Written
}

/** A member that the schema does not list: the number of its name, and what it is. */
export interface Other {
  readonly name: number
  readonly value: Written
}

/** The plan of a value with its names settled. One class for all kinds: one shape for V8. */
export class Written {
  kind: Kind = Kind.any
  /** Scalars: nothing but integers is allowed. */
  isInteger = false
  /** Objects: attributes first, then as the schema has them. */
  members: readonly WrittenMember[] = []
  keys: ReadonlyMap<string, number> = new Map()
  required: readonly string[] = []
  additional: Written | undefined = undefined
  patterns: readonly { readonly pattern: RegExp; readonly value: Written }[] = []
  /** Arrays; of tuples, what follows the places. */
  items: WrittenPlace | undefined = undefined
  wrapped = false
  places: readonly WrittenPlace[] = []
  /** Choices: the member that tells, and what its values mean. */
  by: string | undefined = undefined
  alternatives: readonly WrittenAlternative[] = []
}
