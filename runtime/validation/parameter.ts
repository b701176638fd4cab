import type { Fault } from '../core/problem.ts'
import type { ValidationError, Validator } from '../core/validator.ts'
import {
  badEncoding,
  type Decode,
  isList,
  isObjectShape,
  isUnion,
  type ObjectShape,
  readList,
  readMembers,
  readScalar,
  scalarsOf,
  type Unencode,
  Unreadable,
} from './decode.ts'
import { type Piece, readDeepObject } from './deep-object.ts'
import { type Details, distinct, explain } from './details.ts'
import { string } from './scalars.ts'
import { type Serialisation, type Style, textReaders } from './styles.ts'

/** A parameter as the contract declares it. What is left out has the default of OpenAPI. */
export interface Parameter {
  readonly name: string
  readonly required?: boolean
  readonly style?: Style
  readonly explode?: boolean
  /** What the text is read as; default: text. */
  readonly decode?: Decode
  /** What the value must meet beyond its type. */
  readonly schema?: Validator
  /** A plus stands for itself, since reserved characters need no encoding. */
  readonly allowReserved?: boolean
  /** `name=` is accepted whatever the schema says. */
  readonly allowEmptyValue?: boolean
}

export type Place = 'path' | 'query' | 'header' | 'cookie'

/** What was found of a parameter: one text, several of one name, or the pieces of an object. */
export type Found = string | string[] | Piece[]

/** How its texts are gathered: by its name, or by names that only its members have. */
export type Gathering = 'named' | 'members' | 'deep'

/** A parameter ready to be checked; made once, at start. */
export interface BoundParameter {
  readonly name: string
  readonly required: boolean
  readonly gathering: Gathering
  /** Names of members that stand by themselves (`form` objects exploded). */
  readonly members: readonly string[]
  /** Takes every name nobody has declared. */
  readonly takesRest: boolean
  /** @param room at most so many faults */
  check(found: Found | undefined, faults: Fault[], details: Details, room: number): void
  /** The value, unchecked, or {@link Unreadable}. */
  read(found: Found): unknown
}

const defaultStyles: Readonly<Record<Place, Style>> = {
  path: 'simple',
  query: 'form',
  header: 'simple',
  cookie: 'form',
}

export function bindParameter(parameter: Parameter, place: Place, unencode: Unencode): BoundParameter {
  const { name, schema, decode = string, style = defaultStyles[place] } = parameter
  const { explode = style === 'form' || style === 'cookie' } = parameter
  const required = place === 'path' || parameter.required === true
  const gathering = gatheringOf(decode, style, explode)
  const readers = readersOf(decode, gathering, { name, style, explode, unencode })
  const shape = gathering === 'members' ? objectOf(decode) : undefined
  const at = place === 'header' ? { header: name } : ({ parameter: name, in: place } as const)

  return {
    name,
    required,
    gathering,
    members: shape === undefined ? [] : Object.keys(shape.properties),
    takesRest: shape !== undefined && (shape.others !== undefined || Object.keys(shape.properties).length === 0),
    read(found) {
      if (readers.length === 1) return readers[0]!(found)
      const values = readers.map((read) => read(found))
      return values.find((value) => !(value instanceof Unreadable)) ?? values.at(-1)
    },
    check(found, faults, details, room) {
      if (found === undefined) {
        if (required) faults.push({ ...at, detail: 'is required', keyword: 'required' })
        return
      }
      if (found === '' && parameter.allowEmptyValue === true) return
      let unreadable: Unreadable | undefined
      let errors: readonly ValidationError[] | null | undefined
      for (const read of readers) {
        const value = read(found)
        if (value instanceof Unreadable) {
          // Of several types, the complaint of the last and most general one is kept.
          unreadable = value
          continue
        }
        if (schema === undefined || schema(value)) return
        errors = schema.errors
        // Where one form of a union was tried, the text may still be another one of them.
        if (!errors?.some(isUnionError)) break
      }
      if (errors == null) {
        const { detail, keyword } = unreadable ?? badEncoding
        faults.push({ ...at, detail, keyword })
        return
      }
      for (const error of distinct(errors, room - faults.length)) {
        const { pointer, detail, keyword } = explain(error, details)
        faults.push({ ...at, detail: pointer === '' ? detail : `at ${pointer}: ${detail}`, keyword })
      }
    },
  }
}

function isUnionError({ keyword, instancePath }: ValidationError): boolean {
  return instancePath === '' && (keyword === 'anyOf' || keyword === 'oneOf')
}

function gatheringOf(decode: Decode, style: Style, explode: boolean): Gathering {
  if (style === 'deepObject') return 'deep'
  return explode && standsApart(style) && objectOf(decode) !== undefined ? 'members' : 'named'
}

/** Exploded values of these styles are parameters of their own. */
function standsApart(style: Style): boolean {
  return style === 'form' || style === 'cookie' || style === 'spaceDelimited' || style === 'pipeDelimited'
}

function objectOf(decode: Decode): ObjectShape | undefined {
  if (isUnion(decode)) return decode.anyOf.map(objectOf).find((shape) => shape !== undefined)
  return isObjectShape(decode) ? decode : undefined
}

type Reader = (found: Found) => unknown

const repeated = new Unreadable('style', 'must be given once')

function readersOf(decode: Decode, gathering: Gathering, serialisation: Serialisation): Reader[] {
  const { style, explode, unencode } = serialisation
  if (gathering === 'deep') return [(found) => readDeepObject(found as Piece[], decode, unencode)]
  if (gathering === 'members') {
    const shape = objectOf(decode)!
    return [
      (found) =>
        readMembers(
          (found as Piece[]).flatMap(({ path, raw }) => [path, raw]),
          shape,
          unencode,
        ),
    ]
  }
  if (!explode || !standsApart(style)) return textReaders(decode, serialisation).map(once)
  const alternatives = isUnion(decode) ? decode.anyOf : [decode]
  return alternatives.map((one) => {
    if (isList(one)) {
      const items = scalarsOf(one.items)
      return (found) => readList(typeof found === 'string' ? [found] : (found as string[]), items, unencode)
    }
    const scalars = scalarsOf(one)
    return once((raw) => {
      const text = unencode(raw)
      return text === undefined ? badEncoding : readScalar(scalars, text)
    })
  })
}

function once(read: (raw: string) => unknown): Reader {
  return (found) => (typeof found === 'string' ? read(found) : repeated)
}
