import type { Text, TextPart } from '../../../runtime/policies/transform/options.ts'
import type { Lowered } from '../../model/service-plan.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import type { OperationScope } from '../define.ts'
import { lowerText, templatePart } from '../template.ts'

/** Texts of an operation's transformation: templates, settings, and what they make of the request. */
export class Texts {
  readonly #scope: OperationScope
  /** Whether any of them tells callers apart. */
  byCaller = false
  /** Lower-case names of the fields that they hold. */
  readonly fields = new Set<string>()

  constructor(scope: OperationScope) {
    this.#scope = scope
  }

  /** @param key what the author wrote it for, for messages */
  of(written: string | number | boolean, key: string, where: SpecNode | undefined): Lowered<Text> {
    const text = String(written)
    if (/\$\{(?:env|file):/.test(text)) return this.#scope.setting(text)
    const parts = this.parts(text, key, where)
    return parts.every((part) => typeof part === 'string') ? parts.join('') : parts
  }

  parts(text: string, key: string, where: SpecNode | undefined): readonly TextPart[] {
    const { contract } = this.#scope
    const parts = lowerText(text, (expression) => this.#part(expression), words)
    if ('problem' in parts) {
      this.#scope.report('option-invalid', where ?? this.#scope.node, { key, problem: parts.problem })
      return []
    }
    const tells = parts.filter((part) => typeof part !== 'string').some((part) => 'claim' in part || 'consumer' in part)
    if (tells) this.byCaller = true
    for (const part of parts) if (typeof part !== 'string' && 'header' in part) this.fields.add(part.header)
    if (tells && (contract.security ?? []).every((requirement) => requirement.length === 0)) {
      const problem = 'asks who calls, but the operation has no security'
      this.#scope.report('option-invalid', where ?? this.#scope.node, { key, problem })
    }
    return parts
  }

  #part(expression: string): Exclude<TextPart, string> | undefined {
    if (expression.startsWith('claim.') && expression.length > 6) return { claim: expression.slice(6) }
    return templatePart(expression, this.#scope.contract)
  }
}

const words = 'path.<name>, query.<name>, header.<Name>, consumer.id, consumer.plan or claim.<name>'
