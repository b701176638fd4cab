import { reject } from '../../core/rejection.ts'
import type { Inspect } from '../../projection/inspect.ts'
import { type DetectorName, detectors, type Span } from './detectors.ts'
import type { OwnPattern } from './options.ts'

type Find = (text: string) => readonly Span[]

/**
 * Texts are looked at in windows: a pattern of a document's own may read on from every character to the end of what it is
 * given. So a text costs at most so many steps for each of its characters.
 */
const window = 4 * 1024
const overlap = 1024
const mask = '***'

/** Looks for secrets and personal data in texts. */
export class Detection implements Inspect {
  readonly #finds: readonly Find[]
  readonly #action: 'mask' | 'strip' | 'block'

  constructor(detect: Readonly<Record<string, DetectorName | OwnPattern>>, action: 'mask' | 'strip' | 'block') {
    this.#finds = Object.values(detect).map((one) => (typeof one === 'string' ? detectors[one] : ownFind(one)))
    this.#action = action
  }

  /** @throws Rejection 502 where the action is `block` */
  look(text: string): undefined | 'strip' | { readonly text: string } {
    if (text.length < 4) return undefined
    const spans = this.#finds.flatMap((find) => find(text))
    if (spans.length === 0) return undefined
    if (this.#action === 'block') throw reject('upstream-invalid')
    if (this.#action === 'strip') return 'strip'
    let masked = ''
    let at = 0
    for (const [from, to] of spans.sort((a, b) => a[0] - b[0])) {
      if (from >= at) masked += text.slice(at, from) + mask
      at = Math.max(at, to)
    }
    return { text: masked + text.slice(at) }
  }
}

function ownFind({ pattern, flags }: OwnPattern): Find {
  const regExp = new RegExp(pattern, `${flags}g`)
  return (text) => {
    const spans: Span[] = []
    for (let from = 0; from === 0 || from + overlap < text.length; from += window - overlap) {
      for (const match of text.slice(from, from + window).matchAll(regExp)) {
        if (match[0] !== '') spans.push([from + match.index, from + match.index + match[0].length])
      }
    }
    return spans
  }
}
