import { error, narrowable, warning } from '../entry.ts'
import { didYouMean } from './did-you-mean.ts'

export interface WrongType {
  key: string
  expected: string
  found: string
}
export interface UnknownValue {
  key: string
  value: string
  known: readonly string[]
  nearest?: string
}
export interface Unknown {
  key: string
  owner: string
  nearest?: string
}

const wrongType = ({ key, expected, found }: WrongType) => `"${key}" must be ${expected}; it is ${found}.`
const unknownValue = ({ key, value, known }: UnknownValue) =>
  `"${value}" is no value of "${key}"; it must be one of ${known.join(', ')}.`

/** The form of the document: what stands where. */
export const structureDiagnostics = {
  'wrong-type': narrowable('operation', wrongType),
  'keyword-wrong-type': narrowable('keyword', wrongType),
  'wrong-type-ignored': warning(wrongType, 'Only people read it, so it is compiled as if it were absent.'),
  'keyword-left-out': warning(
    ({ key, expected, found }: WrongType) => `"${key}" must be ${expected}; it is ${found}, and left out.`,
  ),
  'keyword-misplaced': warning(
    ({ key }: { key: string }) => `"${key}" is a keyword put among the properties: it is left out there.`,
    'Write it beside "properties", not inside.',
  ),
  'unknown-value': narrowable('operation', unknownValue, didYouMean),
  'unknown-value-ignored': warning(unknownValue, didYouMean),
  'missing-field': narrowable(
    'operation',
    ({ key, owner }: { key: string; owner: string }) => `This ${owner} needs "${key}".`,
  ),
  'missing-advised': warning(
    ({ key, owner }: { key: string; owner: string }) =>
      `OpenAPI asks for "${key}" in this ${owner}; it is compiled without.`,
  ),
  'empty-field': warning(
    ({ key }: { key: string }) => `"${key}" is empty, and read as if it were absent.`,
    'Give it a value or remove it.',
  ),
  'unknown-field': warning(
    ({ key, owner }: Unknown) => `"${key}" is no field of this ${owner}; it is ignored.`,
    didYouMean,
  ),
  'unknown-key': error(({ key }: { key: string; nearest?: string }) => `"${key}" is not known here.`, didYouMean),
  'field-newer': warning(
    ({ key, owner, version }: { key: string; owner: string; version: string }) =>
      `"${key}" of a ${owner} came with OpenAPI ${version}; it is read all the same.`,
  ),
  'fields-exclude': warning(
    ({ key, other }: { key: string; other: string }) => `"${other}" may not stand beside "${key}".`,
    'Keep one of them.',
  ),
} as const
