import type { Version } from './suite.ts'

/** Tests of the suite that come out differently on purpose, or for a known reason. */
export interface Deviation {
  readonly version: Version
  readonly file: string
  /** Descriptions of the tests, or of groups whose operation is refused; undefined: the whole file. */
  readonly tests?: readonly string[]
  readonly reason: string
}

/** docs/json-schema.md is made of this. */
export const deviations: readonly Deviation[] = [
  {
    version: '3.1',
    file: 'format.json',
    reason:
      'The suite takes `format` for an annotation, as a validator may that is not told otherwise. A proxy that lets an invalid date through is of no use: formats are judged, as the files of `optional/format` ask for.',
  },
  {
    version: '3.1',
    file: 'unevaluatedItems.json',
    tests: [
      'with no additional items',
      'with invalid additional item',
      'contains passes, second item is not evaluated',
      '7 not evaluated, fails unevaluatedItems',
      "only b's are invalid",
      "only c's are invalid",
      "only b's and c's are invalid",
      "only a's and c's are invalid",
      'all items evaluated by contains',
      'invalid in case if is evaluated',
    ],
    reason:
      'ajv counts the items that `prefixItems` and `items` have evaluated, not which ones `contains` has: `unevaluatedItems` beside `contains`, or across several `items`, is judged by that count.',
  },
  {
    version: '3.1',
    file: 'vocabulary.json',
    tests: ['no validation: invalid number, but it still validates'],
    reason:
      'A meta-schema other than that of 2020-12, such as one that leaves out the validation vocabulary, is not read; the compiler warns (`schema-dialect`) and judges by 2020-12.',
  },
  {
    version: '3.1',
    file: 'refRemote.json',
    tests: ['remote HTTP ref with different $id', 'remote HTTP ref with different URN $id'],
    reason:
      'Nothing is fetched while compiling, so a schema is known by its `$id` or by its file, never by an address it would have been fetched from. Refused (`remote-ref`).',
  },
  {
    version: '3.1',
    file: 'optional/unknownKeyword.json',
    tests: ['type matches second anyOf, which has a real schema in it', 'type matches non-schema in third anyOf'],
    reason: 'A `$id` counts below keywords nobody knows too: that is where authors keep schemas to refer to.',
  },
  {
    version: '3.1',
    file: 'optional/format/idn-hostname.json',
    tests: [
      'Bidi domain name with a digit-first label is invalid',
      'A-label that decodes to a disallowed code point is invalid',
    ],
    reason:
      'The tables of RFC 5892 and the rules of RFC 5893 are not carried along; labels, lengths and Punycode are judged.',
  },
  {
    version: '3.0',
    file: 'optional/zeroTerminatedFloats.json',
    tests: ['a float is not an integer even without fractional part'],
    reason: '1.0 and 1 are the same number in JSON Schema since draft 6, and in JavaScript.',
  },
  {
    version: '3.0',
    file: 'optional/format/hostname.json',
    tests: ['hostname with consecutive hyphens (RFC1123)'],
    reason:
      'The suite says the opposite for 2020-12 (RFC 5891 §4.2.3.1 reserves `--` in third and fourth place); one meaning of the format serves both.',
  },
]

/** Whether a test, or the group it is in, is known to differ. */
export function isKnown(version: Version, file: string, description: string): boolean {
  return deviations.some(
    (one) =>
      one.version === version && one.file === file && (one.tests === undefined || one.tests.includes(description)),
  )
}
