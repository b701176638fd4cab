import type { SpecTree } from '../model/spec-node.ts'
import type { AnyPolicy } from '../policies/define.ts'
import type { Reporter } from '../report/reporter.ts'
import { rules } from './rules.ts'
import { walk } from './structure/walk.ts'
import { Survey } from './survey.ts'
import { checkProxy } from './x-proxy.ts'

export interface CheckOptions {
  /** What `x-proxy` may say: each policy's key, levels and option schema. */
  readonly policies: readonly AnyPolicy[]
  /** The OpenAPI version the author wrote, e.g. `3.0` or `3.0.3`; the tree is in the normal form whatever it was. */
  readonly version: string
}

/** Is it a document that can be compiled? Reports everything there is to say, changes nothing. */
export function checkDocument(tree: SpecTree, reporter: Reporter, options: CheckOptions): void {
  const survey = new Survey(tree, options.version)
  walk(survey, reporter)
  for (const rule of rules) rule(survey, reporter)
  checkProxy(survey, reporter, options.policies)
}
