import type { JsonShape, JsonShapes } from '../../projection/shape.ts'
import type { DetectorName } from './detectors.ts'

export interface SanitizeOptions {
  /** What becomes of members and bodies that the contract does not declare. */
  readonly undeclared: 'pass' | 'strip' | 'block'
  /** The component schemas that the responses refer to. */
  readonly shapes?: JsonShapes
  /** By status, range or `default`. */
  readonly responses: Readonly<Record<string, SanitizedResponse>>
  /** Names of fields that are taken out. */
  readonly removeHeaders?: readonly string[]
  /** Names of fields that stay, beside those every answer needs and those the response declares. Absent: all stay. */
  readonly allowHeaders?: readonly string[]
  /** Whether bodies of 5xx answers are replaced by problems that tell nothing. */
  readonly hide5xx: boolean
  readonly detect?: Readonly<Record<string, DetectorName | OwnPattern>>
  /** What becomes of what is detected. */
  readonly action?: 'mask' | 'strip' | 'block'
  /** Fields of the request that answers differ by, since roles see different members. */
  readonly vary?: readonly string[]
  /** Bytes of a body that is looked into. */
  readonly maxSize?: number
  /** Arrays and objects within each other. */
  readonly maxDepth?: number
}

export interface SanitizedResponse {
  /** By media type or range. Absent: no body is declared. */
  readonly content?: Readonly<Record<string, SanitizedMedia>>
  /** Names of the fields that are declared. */
  readonly headers?: readonly string[]
}

export interface SanitizedMedia {
  /** What is declared of a JSON text. */
  readonly shape?: JsonShape
  /** Not everybody may see all of it, so that no other type of body may come instead. */
  readonly isRestricted?: true
  /** Its members cannot be looked at, although it has some: it does not pass where undeclared ones must not. */
  readonly isOpaque?: true
}

/** A regular expression of the document's own. */
export interface OwnPattern {
  readonly pattern: string
  readonly flags: string
}
