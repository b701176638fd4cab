import { checkDiagnostics } from './catalogue/check.ts'
import { planDiagnostics } from './catalogue/plan.ts'
import { policyDiagnostics } from './catalogue/policy.ts'
import { readDiagnostics } from './catalogue/read.ts'

/** Every diagnostic the compiler can give, by its code. `docs/diagnostics.md` is derived from it. */
export const catalogue = { ...readDiagnostics, ...checkDiagnostics, ...planDiagnostics, ...policyDiagnostics }

export type Code = keyof typeof catalogue

/** What the message of a diagnostic must be told. */
export type Gaps<C extends Code> = Parameters<(typeof catalogue)[C]['message']>[0]
