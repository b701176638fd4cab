import type { OperationContract, SchemeContract } from '../model/contract.ts'
import { isObject, type JsonObject } from '../model/json.ts'
import { CallPlan, type PolicyPlan, Reference, type Value } from '../model/service-plan.ts'
import type { SpecNode } from '../model/spec-node.ts'
import type { AnyPolicy, OperationScope, Scope } from '../policies/define.ts'
import { identifier, kebabCase } from './names.ts'
import { type MergedOptions, mergeValues, type ProxyOptions } from './options.ts'
import type { AppliedPolicy } from './proxy-answers.ts'
import { operationScope, schemeScope, scopeFor, type Workbench } from './scope.ts'

/** One operation whose policies are being planned. */
export interface PlannedOperation {
  readonly contract: OperationContract
  readonly exportName: string
  readonly options: ProxyOptions
  /** The path template without the base path: names what a path item's policies share. */
  readonly documentPath: string
}

/** Lowers the policies of an operation, in the order of the list: the order a request meets them. */
export function planPolicies(
  bench: Workbench,
  policies: readonly AnyPolicy[],
  operation: PlannedOperation,
): PolicyPlan[] {
  return policies
    .filter((policy) => policy.instance !== 'scheme')
    .flatMap((policy) =>
      instancesOf(policy, operation.options).flatMap((instance) => {
        const value = lowerOne(bench, policies, policy, instance, operation)
        return value === undefined ? [] : [{ policy: policy.name, value }]
      }),
    )
}

/** The policies that were planned for an operation, with what the public contract has to know of them. */
export function appliedPolicies(
  policies: readonly AnyPolicy[],
  planned: readonly PolicyPlan[],
  { contract, options }: Pick<PlannedOperation, 'contract' | 'options'>,
): AppliedPolicy[] {
  const names = new Set(planned.map(({ policy }) => policy))
  return policies
    .filter(({ name }) => names.has(name))
    .flatMap((policy) =>
      instancesOf(policy, options).map(({ value }) => ({
        policy,
        options: withoutEnabled(value),
        scope: { contract, ...asking(policies, options) },
      })),
    )
}

/** What a policy may ask of the others of its operation. */
type Asking = Pick<OperationScope, 'optionsOf' | 'isAsked'>

function asking(policies: readonly AnyPolicy[], options: ProxyOptions): Asking {
  const first = (name: string): PolicyInstance | undefined => {
    const policy = policies.find((candidate) => candidate.name === name)
    return policy === undefined ? undefined : instancesOf(policy, options)[0]
  }
  return {
    optionsOf(name) {
      const instance = first(name)
      return instance === undefined ? undefined : (withoutEnabled(instance.value) as JsonObject)
    },
    isAsked: (name) => first(name)?.node !== undefined,
  }
}

/** One instance of a policy that an operation has: the whole key, or a member of a map of named ones. */
interface PolicyInstance extends Omit<MergedOptions, 'node'> {
  readonly name: string
  /** Undefined where the options are the policy's default, which nobody wrote. */
  readonly node: SpecNode | undefined
}

function instancesOf(policy: AnyPolicy, options: ProxyOptions): PolicyInstance[] {
  const key = policy.key ?? policy.name
  const merged = options.get(key)
  if (policy.each !== true) {
    const value = mergeValues(policy.default, merged?.value === true ? {} : merged?.value)
    const settled = merged === undefined ? policy.default : value
    if (policy.options === null) return [{ name: policy.name, value: {}, node: undefined, level: 2 }]
    if (settled === undefined || isOff(settled)) return []
    return [{ name: policy.name, value: settled, node: merged?.node, level: merged?.level ?? 0 }]
  }
  if (!isObject(merged?.value) || isOff(merged.value)) return []
  return Object.keys(merged.value)
    .filter((name) => name !== 'enabled')
    .flatMap((name) => {
      const member = options.member(key, name)
      return member === undefined || isOff(member.value) ? [] : [{ ...member, name }]
    })
}

function isOff(value: unknown): boolean {
  return value === false || (isObject(value) && value['enabled'] === false)
}

function lowerOne(
  bench: Workbench,
  policies: readonly AnyPolicy[],
  policy: AnyPolicy,
  instance: PolicyInstance,
  operation: PlannedOperation,
): PolicyPlan['value'] | undefined {
  const scope = scopeFor(bench, instance.node ?? operation.contract.node, instance.name)
  const options = withoutEnabled(instance.value)
  const module = `policies/${kebabCase(policy.name)}`
  if (policy.instance === 'shared' && instance.level < 2) {
    const owner = instance.level === 0 ? '' : ` ${operation.documentPath}`
    const wanted = identifier(policy.each === true ? instance.name : `shared ${policy.name}`, policy.name)
    return bench.instances.once(`policy ${policy.name} ${instance.name}${owner}`, wanted, () => {
      const args = asValues(lower(policy, options, scope))
      return { call: new CallPlan(module, policy.name, args), about: aboutShared(policy, instance, owner) }
    })
  }
  const lowered = lower(
    policy,
    options,
    policy.instance === 'shared' ? scope : forOperation(bench, policies, scope, operation),
  )
  if (lowered === undefined || lowered instanceof Reference) return lowered
  return new CallPlan(module, policy.name, asValues(lowered))
}

function withoutEnabled(value: unknown): unknown {
  if (!isObject(value) || !Object.hasOwn(value, 'enabled')) return value
  const { enabled: _, ...rest } = value
  return rest
}

function aboutShared(policy: AnyPolicy, instance: PolicyInstance, owner: string): string {
  const what = policy.each === true ? `${policy.name} "${instance.name}"` : policy.name
  return owner === '' ? `${what}, one for the whole document.` : `${what}, one for the path${owner}.`
}

function forOperation(
  bench: Workbench,
  policies: readonly AnyPolicy[],
  scope: Scope,
  operation: PlannedOperation,
): OperationScope {
  const verifier = (scheme: SchemeContract): Reference => planVerifier(bench, policies, scheme)
  return operationScope(
    bench,
    scope,
    operation.contract,
    operation.exportName,
    verifier,
    asking(policies, operation.options),
  )
}

/** The policy that the `x-proxy` of a security scheme asks to verify it; undefined where none does. */
export function verifierAsked(policies: readonly AnyPolicy[], scheme: SchemeContract): AnyPolicy | undefined {
  const written = scheme.node.at('x-proxy')
  return policies.find((policy) => {
    if (policy.instance !== 'scheme' || policy.options === null) return false
    const value = written?.at(policy.key ?? policy.name)?.value
    return value !== undefined && !isOff(value)
  })
}

/** The instance that verifies a security scheme: of the policy its `x-proxy` names, else of the one that needs no option. */
function planVerifier(bench: Workbench, policies: readonly AnyPolicy[], scheme: SchemeContract): Reference {
  const written = scheme.node.at('x-proxy')
  const asked = verifierAsked(policies, scheme)
  const policy = asked ?? policies.find((one) => one.instance === 'scheme' && one.options === null)
  if (policy === undefined) throw new Error(`no verifier for ${scheme.name}`)
  return bench.instances.once(`scheme ${scheme.name}`, identifier(scheme.name, 'scheme'), () => {
    const node = written?.at(policy.key ?? policy.name) ?? scheme.node
    const options = asked === undefined || node.value === true ? {} : withoutEnabled(node.value)
    const args = lower(policy, options, schemeScope(scopeFor(bench, node, scheme.name), scheme))
    return {
      call: new CallPlan(`policies/${kebabCase(policy.name)}`, policy.name, asValues(args)),
      about: `Verifies "${scheme.name}".`,
    }
  })
}

/** The scope of the policy's kind is what the caller has chosen by `policy.instance`. */
function lower(policy: AnyPolicy, options: unknown, scope: Scope): unknown {
  return (policy.lower as (options: unknown, scope: Scope) => unknown)(options, scope)
}

/** `lower()` is typed by the factory it lowers for; the plan only knows values. */
function asValues(args: unknown): readonly Value[] {
  return (args ?? []) as readonly Value[]
}
