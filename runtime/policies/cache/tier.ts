import type { Bucket, Entry, Fetch } from './bucket.ts'
import type { Look } from './look.ts'
import type { Mark, Purge } from './marks.ts'

/** What the marks of a request stood at when it was looked up: what is saved must still find them so. */
export type Stamps = ReadonlyMap<Mark, string>

/** A store behind the memory that several instances share. None of this fails: what cannot be done is counted and left out. */
export interface Tier {
  /** What of it could not be done, so far. */
  readonly errors: number
  /**
   * Brings what is stored for a request into memory.
   * @returns undefined where the store cannot be asked: then nothing may be kept, since nobody would take it back
   */
  load(look: Look, bucket: Bucket, fetch: Fetch): Promise<Stamps | undefined>
  /** Stores for all what has just been put into memory, unless its marks have moved since. @param grace seconds of stale use */
  save(entry: Entry, stamps: Stamps, grace: number): void
  drop(entry: Entry): void
  /** Takes back for all; resolves when that is done or has to be done later. */
  tell(marks: readonly Mark[], how: Purge): Promise<void>
}

/** Every mark of an answer, those of its place included. */
export function allMarks(look: Pick<Look, 'resource'>, own: readonly Mark[]): Mark[] {
  const { resource } = look
  return ['*', `u ${resource}`, `p ${resource.slice(resource.lastIndexOf(' ') + 1)}`, ...own]
}
