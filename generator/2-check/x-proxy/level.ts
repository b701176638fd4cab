import type { VocabularyLevel } from '../../model/vocabulary.ts'
import type { Kind } from '../structure/shape.ts'

/** The objects that may carry `x-proxy`. */
export const levelOf: Partial<Record<Kind, VocabularyLevel>> = {
  document: 'document',
  pathItem: 'path',
  operation: 'operation',
  securityScheme: 'scheme',
  schema: 'schema',
}

export const levelWords: Readonly<Record<VocabularyLevel | 'group', string>> = {
  document: 'the document',
  path: 'a path item',
  operation: 'an operation',
  scheme: 'a security scheme',
  schema: 'a schema',
  group: 'a group of policies',
}
