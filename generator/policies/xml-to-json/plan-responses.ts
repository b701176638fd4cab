import type { ResponsePlan } from '../../../runtime/policies/xml-to-json/plan.ts'
import type { XmlShape } from '../../../runtime/xml/shape.ts'
import type { OperationContract } from '../../model/contract.ts'
import type { Reference } from '../../model/service-plan.ts'
import { planRoot } from '../../xml/plan-root.ts'
import type { Shapes } from '../../xml/plan-value.ts'
import { isJson, isXml, rangeHoldsJson } from '../media-types.ts'

/** What an operation's responses make of XML. */
export interface ResponsesPlan {
  readonly responses: Readonly<Record<string, ResponsePlan<Reference<XmlShape>>>>
  /** XML media types the document declares: who asks for one gets the upstream's own answer. */
  readonly originals: readonly string[]
  /** Declared media types that are neither. */
  readonly others: readonly string[]
  /** Statuses declared without content, which a range or `default` would speak for if nobody said so. */
  readonly bare: readonly string[]
}

export function planResponses(contract: OperationContract, shapes: Shapes): ResponsesPlan {
  const responses: Record<string, ResponsePlan<Reference<XmlShape>>> = {}
  const originals = new Set<string>()
  const others = new Set<string>()
  for (const { status, content } of contract.responses) {
    const json =
      content.find(({ mediaType }) => isJson(mediaType)) ?? content.find(({ mediaType }) => rangeHoldsJson(mediaType))
    const xml = content.filter(({ mediaType }) => isXml(mediaType))
    for (const { mediaType } of content) {
      if (isXml(mediaType)) originals.add(mediaType)
      else if (!isJson(mediaType)) others.add(mediaType)
    }
    const shown = json ?? xml[0]
    if (shown === undefined) continue
    responses[status] = {
      mediaType: json !== undefined && isJson(json.mediaType) ? json.mediaType : 'application/json',
      root: planRoot(shown.schema, shapes),
    }
  }
  const isWide = Object.keys(responses).some((status) => !/^\d+$/.test(status))
  const bare = contract.responses.filter(({ content }) => isWide && content.length === 0).map(({ status }) => status)
  return { responses, bare, originals: [...originals], others: [...others] }
}
