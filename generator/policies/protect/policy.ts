import type { protect } from '../../../runtime/policies/protect/protect.ts'
import type { Guard, guard } from '../../../runtime/protect/guard.ts'
import type { redisTally } from '../../../runtime/protect/redis-tally.ts'
import type { Signal, SuspendRule, Tally } from '../../../runtime/protect/suspension.ts'
import type { Reference } from '../../model/service-plan.ts'
import { definePolicy, type Scope } from '../define.ts'
import { limitAnswers } from '../limit-answers.ts'
import { redisStoreOf } from '../store.ts'
import { milliseconds } from '../units.ts'

interface Options {
  readonly allowlist?: readonly string[]
  readonly blocklist?: readonly string[]
  readonly suspendAfter?: Readonly<Record<string, RuleOptions | false>>
  readonly store?: string
}

interface RuleOptions {
  readonly count: number
  readonly window: string
  readonly for: string
}

const addresses = (description: string) =>
  ({ type: 'array', items: { type: 'string', format: 'cidr' }, uniqueItems: true, default: [], description }) as const

const rule = (description: string) =>
  ({
    anyOf: [
      {
        type: 'object',
        properties: {
          count: { type: 'integer', minimum: 1, maximum: 10_000, description: 'So many …' },
          window: { type: 'string', format: 'duration', description: '… in so long …' },
          for: {
            type: 'string',
            format: 'duration',
            description: '… suspend for so long; each further time for twice as long.',
          },
        },
        required: ['count', 'window', 'for'],
        additionalProperties: false,
      },
      { const: false },
    ],
    description,
  }) as const

export default definePolicy<typeof protect, Options>({
  name: 'protect',
  summary: 'Turns away who is listed, and for a while who shows signs of bad intent.',
  levels: ['document'],
  options: {
    type: 'object',
    properties: {
      allowlist: addresses(
        'Addresses and networks: where there are any, nobody else may call. They are never suspended.',
      ),
      blocklist: addresses(
        'Addresses and networks that may not call. Of two that hold an address the narrower decides.',
      ),
      suspendAfter: {
        type: 'object',
        properties: {
          'auth-failure': rule('401 and 403: credentials that are missing, wrong or not enough.'),
          'validation-failure': rule('Requests that do not meet the contract or cannot be read.'),
          'not-found': rule('Paths the contract does not have.'),
          'rate-limited': rule('Requests that a limit has refused.'),
          oversize: rule('Bodies, addresses or fields beyond the limits.'),
          enumeration: rule('Different values of one path parameter of one operation.'),
        },
        additionalProperties: false,
        description: 'What suspends a consumer, or the address (IPv6 by /64) of who is not known.',
      },
      store: {
        type: 'string',
        minLength: 1,
        default: 'memory',
        description:
          'Where signals are counted and suspensions kept: `memory`, or a store of `components.x-proxy.stores` that all instances share.',
      },
    },
    additionalProperties: false,
  },
  instance: 'shared',
  answers: {
    403: 'The caller is known but may not do this.',
    ...limitAnswers,
  },
  lower({ allowlist = [], blocklist = [], suspendAfter = {}, store: name }, scope) {
    const rules = rulesOf(suspendAfter, scope)
    checkLists(allowlist, blocklist, scope)
    if (allowlist.length + blocklist.length + Object.keys(rules).length === 0) {
      scope.report('option-invalid', scope.node, {
        key: 'protect',
        problem: 'says nothing of who is to be turned away',
      })
    }
    if (name !== undefined && name !== 'memory' && Object.keys(rules).length === 0) {
      scope.report('option-invalid', scope.node.at('store') ?? scope.node, {
        key: 'protect.store',
        problem: 'keeps suspensions, and nothing in "suspendAfter" leads to one',
      })
    }
    const tally = tallyOf(name, scope)
    const made = scope.instance<typeof guard>('guard', {
      module: 'protect/guard',
      export: 'guard',
      args: [{ allow: allowlist, block: blocklist, suspendAfter: rules, ...(tally === undefined ? {} : { tally }) }],
      about: 'Who is turned away before requests are routed.',
      resource: true,
    })
    return [made as Reference<Guard>]
  },
})

function rulesOf(written: Required<Options>['suspendAfter'], scope: Scope): { [S in Signal]?: SuspendRule } {
  const rules: { [S in Signal]?: SuspendRule } = {}
  for (const [signal, one] of Object.entries(written)) {
    if (one === false) continue
    const [windowMs, forMs] = [milliseconds(one.window), milliseconds(one.for)]
    const at = scope.node.at('suspendAfter')?.at(signal)
    for (const [key, ms] of [
      ['window', windowMs],
      ['for', forMs],
    ] as const) {
      if (ms > 0) continue
      scope.report('option-invalid', at?.at(key) ?? scope.node, {
        key: `protect.suspendAfter.${signal}.${key}`,
        problem: 'is empty',
      })
    }
    rules[signal as Signal] = { count: one.count, windowMs, forMs }
  }
  return rules
}

/** The same block on both lists says two things at once. */
function checkLists(allowlist: readonly string[], blocklist: readonly string[], scope: Scope): void {
  for (const [index, block] of blocklist.entries()) {
    if (!allowlist.includes(block)) continue
    const node = scope.node.at('blocklist')
    scope.report('option-invalid', node?.items()[index] ?? node ?? scope.node, {
      key: 'protect.blocklist',
      problem: `holds ${block}, and so does "allowlist"`,
    })
  }
}

function tallyOf(name: string | undefined, scope: Scope): Reference<Tally> | undefined {
  const store = redisStoreOf(name, scope)
  if (store === undefined) return undefined
  return scope.instance<typeof redisTally>(`${name} tally`, {
    module: 'protect/redis-tally',
    export: 'redisTally',
    args: [store],
    about: `Signals and suspensions in the store "${name}".`,
  }) as Reference<Tally>
}
