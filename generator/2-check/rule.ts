import type { Reporter } from '../report/reporter.ts'
import type { Survey } from './survey.ts'

/** One rule of the specification: looks at the document and reports, changes nothing. Each is a file in `rules/`. */
export type Rule = (survey: Survey, reporter: Reporter) => void
