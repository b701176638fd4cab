import type { Validator } from '../core/validator.ts'

export type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'null' | 'array' | 'object'

/**
 * What a schema asks of a value, as far as it can be told from the text without making values of it: plain data, written by
 * the compiler beside the shapes. It says exactly what the schema's validator says.
 *
 * - `any`: nothing
 * - `is`: what a component schema asks
 */
export type Asked<V = Validator> = 'any' | { readonly is: string } | AskedParts<V>

/** All of it must hold. What is asked of members and items is asked of objects and arrays only. */
export interface AskedParts<V = Validator> {
  readonly types?: readonly JsonType[]
  /** It is one of these. */
  readonly values?: readonly (string | number | boolean | null)[]
  /** What cannot be told from the text: the value is parsed for it. */
  readonly test?: V
  readonly required?: readonly string[]
  readonly properties?: { readonly [name: string]: Asked<V> }
  /** Of members that are not in `properties`; false: there are none. */
  readonly additional?: Asked<V> | false
  readonly items?: Asked<V>
  readonly all?: readonly Asked<V>[]
  /** One or more of these hold. */
  readonly any?: readonly Asked<V>[]
  /** Exactly one of these holds. */
  readonly one?: readonly Asked<V>[]
}
