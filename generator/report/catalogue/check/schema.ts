import { narrowable, warning } from '../entry.ts'
import { didYouMean } from './did-you-mean.ts'

/** Schemas. */
export const schemaDiagnostics = {
  'pattern-slow': warning(
    ({ pattern }: { pattern: string }) =>
      `Some texts take exponential time to be matched with "${pattern}"; it runs on an automaton instead.`,
    'Repeat nothing that is repeated already, and let alternatives in a repetition begin differently.',
  ),
  'pattern-bounded': warning(
    ({ pattern, upTo }: { pattern: string; upTo: string }) =>
      `Long texts take very long to be matched with "${pattern}": those of more than ${upTo} characters do not match.`,
    'Say maxLength (at most half as many), begin with ^ and repeat less, or do without look-around and back-references.',
  ),
  'pattern-explosive': narrowable(
    'keyword',
    ({ pattern }: { pattern: string }) => `Some texts take exponential time to be matched with "${pattern}".`,
    'Anybody could keep the service busy with one request. Repeat nothing that is repeated already.',
  ),
  'pattern-invalid': narrowable(
    'keyword',
    ({ pattern }: { pattern: string }) => `"${pattern}" is no regular expression.`,
  ),
  'pattern-foreign': warning(
    ({ pattern }: { pattern: string }) => `"${pattern}" is of another language than ECMA-262; it is left out.`,
    'Rewrite it as JavaScript would: (?i), \\A, \\z, (?P<name>), [[:alpha:]] and surrounding slashes mean nothing there.',
  ),
  'array-without-items': narrowable(
    'operation',
    () => 'An array needs "items" in OpenAPI 2.0.',
    'Write items: {} where anything is meant.',
  ),
  'array-of-anything': warning(
    () => 'An array needs "items" in OpenAPI 3.0; any items are allowed.',
    'Write items: {} where that is meant.',
  ),
  'list-empty': warning(({ key }: { key: string }) => `"${key}" is an empty list.`),
  'list-repeats': warning(({ key }: { key: string }) => `"${key}" lists this twice.`),
  'required-undeclared': warning(
    ({ name }: { name: string; nearest?: string }) => `"${name}" is required, and not among the properties.`,
    didYouMean,
  ),
  'schema-cycle': warning(
    () => 'This leads back to the schema it stands in, for the same value: it says nothing, and is left out.',
    'Refer back through a property or an item, not through $ref, allOf, anyOf or oneOf alone.',
  ),
  'discriminator-undeclared': warning(
    ({ name }: { name: string }) => `Not every schema here declares the property "${name}" that tells them apart.`,
  ),
} as const
