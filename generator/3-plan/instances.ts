import { type CallPlan, type InstancePlan, Reference } from '../model/service-plan.ts'
import { Names } from './names.ts'

/** Collects the constants of `policies.ts`, in the order in which they were first needed: dependencies come first. */
export class InstancesPlan {
  readonly resources: string[] = []
  readonly #plans: InstancePlan[] = []
  readonly #byKey = new Map<string, Reference>()
  readonly #names: Names

  constructor(names: Names = new Names()) {
    this.#names = names
  }

  /** @param key what makes it the same instance; the name is derived from `wanted` and made unique */
  once(key: string, wanted: string, make: () => { call: CallPlan; about: string; resource?: boolean }): Reference {
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    const made = make()
    const name = this.#names.claim(wanted)
    const reference = new Reference('instance', name)
    this.#byKey.set(key, reference)
    this.#plans.push({ name, call: made.call, about: made.about })
    if (made.resource === true) this.resources.push(name)
    return reference
  }

  get all(): readonly InstancePlan[] {
    return this.#plans
  }
}
