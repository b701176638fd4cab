import type { Document } from 'yaml'

/** Something a person must mend: the sentence is all they need. */
export class KeysError extends Error {}

/** Where consumers stand: as a YAML document with the member `consumers`, however they are kept. */
export interface KeysPlace {
  /** What a person calls it. */
  readonly name: string
  /** @throws KeysError where there is nothing to read */
  read(): Promise<Document>
  /**
   * Lets `edit` change what is there, and keeps it; again from the start where somebody else changed it meanwhile.
   * @param mayCreate whether a place that is missing is made
   */
  change(edit: (document: Document) => void, mayCreate?: boolean): Promise<void>
  close(): void
}
