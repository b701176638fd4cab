import type { Survey } from './survey.ts'

/** Whether the author's document is of this version of OpenAPI or later: some rules hold only from a version on. */
export function since(survey: Survey, version: number): boolean {
  return Number.parseFloat(survey.version) >= version
}
