import { hash, randomBytes } from 'node:crypto'
import { type Bucket, type Entry, everybody } from './bucket.ts'
import type { Mark } from './marks.ts'

/** The longest an answer stays in the store, and how much longer versions do, in ms. */
const longestStay = 86_400_000
export const versionStay = longestStay + 3_600_000
/** How long an answer stays past all uses of its own: it may be validated or stand in. */
const afterlife = 60_000

/** The names of the variants of a target. */
export function groupKey(bucket: Bucket): string {
  return `cg:${digest(bucket.resource.key, bucket.query)}`
}

export function entryKey(bucket: Bucket, names: readonly string[], audience: string, variant: string): string {
  const whose = audience === everybody ? 'ce' : 'cp'
  return `${whose}:${digest(bucket.resource.key, bucket.query, names.join(), audience, variant)}`
}

export const versionKey = (mark: Mark): string => `cv:${digest(mark)}`

/** Of bounded length, and telling nobody what was asked for. */
function digest(...parts: readonly string[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 32)
}

export function newId(): string {
  return randomBytes(9).toString('base64url')
}

/** Milliseconds that an answer may be of use. @param grace seconds past its lifetime that the document allows */
export function stayOf({ response }: Entry, grace: number): number {
  const { lifetime, initialAge, staleIfError = 0, staleWhileRevalidate = 0 } = response
  const left = Math.max(0, lifetime.seconds - initialAge) + Math.max(staleIfError, staleWhileRevalidate, grace)
  return Math.min(longestStay, Math.ceil(left * 1000) + afterlife)
}
