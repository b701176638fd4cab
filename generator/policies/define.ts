import type { Validator } from '../../runtime/core/validator.ts'
import type { OperationContract, SchemeContract } from '../model/contract.ts'
import type { OperationHookReferences } from '../model/hooks.ts'
import type { JsonObject } from '../model/json.ts'
import type { Lowered, Reference } from '../model/service-plan.ts'
import type { SpecNode } from '../model/spec-node.ts'
import type { Code, Gaps } from '../report/catalogue.ts'
import type { ProxyAnswers, Publication, PublishScope } from './publication.ts'

/** Where an `x-proxy` key may stand. */
export type Level = 'document' | 'path' | 'operation' | 'scheme' | 'schema'

// biome-ignore lint/suspicious/noExplicitAny: a factory's parameters are read back by Parameters<Factory>
type Factory = (...args: any[]) => unknown

/** The arguments of a runtime factory, as `lower()` gives them. */
export type LoweredArguments<F extends Factory> = LoweredTuple<Parameters<F>>

// A mapped type keeps a tuple a tuple only over a type parameter.
type LoweredTuple<P extends readonly unknown[]> = { readonly [K in keyof P]: Lowered<P[K]> }

/** What planning lends to `lower()`: references to things that are emitted elsewhere, and the way to report. */
export interface Scope {
  /** Where the options were written (the innermost place, where several levels were merged). */
  readonly node: SpecNode
  /** The service's name. */
  readonly service: string
  /** The member's name, for policies that are maps of named instances (`rateLimit.<name>`). */
  readonly key: string
  /** Text that may be `${env:NAME}`, `${env:NAME:-default}` or `${file:/path}`: itself, or a reference read at boot. */
  setting(text: string, about?: string): string | Reference<string>
  /** A setting of the service's own, e.g. the path of a consumers file that deployments want to move. */
  environment(name: string, fallback: string | undefined, about: string): Reference<string>
  /**
   * A path the author wrote relative to their document, as one relative to the emitted service's folder. The file need
   * not exist.
   */
  file(path: string): string
  /**
   * A constant in `policies.ts`, made once however many operations ask for the same `name` and arguments; the name is
   * made an identifier, and unique.
   */
  instance<F extends Factory>(
    name: string,
    made: {
      /** Under `@specgate/runtime/`, e.g. `policies/api-key`. */
      readonly module: string
      readonly export: string
      readonly args: LoweredArguments<F>
      readonly about: string
      /** Started at boot and closed at the end ({@link import('../../runtime/core/resource.ts').Resource}). */
      readonly resource?: boolean
    },
  ): Reference<ReturnType<F>>
  /** Something the runtime exports, by name: only what is used is imported, and so deployed. */
  runtime<T>(module: string, name: string): Reference<T>
  report<C extends Code>(code: C, where: SpecNode, gaps: Gaps<C>): void
}

/** For policies whose arguments follow from the operation's contract. */
export interface OperationScope extends Scope {
  readonly contract: OperationContract
  /**
   * A compiled schema. Component schemas are shared functions; the same schema and direction give the same validator.
   * @param schema a schema node (references allowed), or plain JSON Schema for a schema the policy makes itself
   */
  validator(schema: SpecNode | JsonObject, direction: 'request' | 'response', hint: string): Reference<Validator>
  /** The verifier instance of a security scheme. */
  verifier(scheme: SchemeContract): Reference
  /** Schemes that something verifies, of all operations of the document. */
  readonly verified: readonly SchemeContract[]
  /** The user's own code for this operation, if there is any. */
  readonly hooks: OperationHookReferences
  /** Options of another policy of the same operation, merged; undefined where it is off. */
  optionsOf(policy: string): JsonObject | undefined
  /** Whether the author wrote them. */
  isAsked(policy: string): boolean
}

/** For verifiers: what `x-proxy` on a security scheme asks for. */
export interface SchemeScope extends Scope {
  readonly scheme: SchemeContract
}

interface Definition<Options> {
  /** The runtime factory's name; the folders on both sides are its kebab-case. */
  readonly name: string
  /** The key in `x-proxy`, where it differs from the name: two policies may share one (`validate`). */
  readonly key?: string
  /** One sentence, for the reference and the editor. */
  readonly summary: string
  readonly levels: readonly Level[]
  /**
   * JSON Schema of the options (of one named member, where `each`). `format` may be `duration`, `size`, `share` or
   * `secret`. Null: the policy has no key of its own and follows from the document.
   */
  readonly options: JsonObject | null
  /** The key holds a map of named instances. */
  readonly each?: boolean
  /** The options of a document that says nothing; without it the policy is off until asked for. */
  readonly default?: Options
  /** What callers see where it differs from what the document says: for the public contract of one operation. */
  publish?(options: Options, scope: PublishScope): Publication
  /** Problems (RFC 9457) the policy answers with, status → description: they are put into the public contract. */
  readonly answers?: ProxyAnswers
}

/** Arguments for an instance; an instance shared with other operations; or undefined: nothing to do here, not emitted. */
type Outcome<F extends Factory> = LoweredArguments<F> | Reference<ReturnType<F>> | undefined

/**
 * A policy's compile-time half. `F` is the runtime factory, imported as a type: renaming an option there breaks
 * `lower()` here.
 *
 * - `instance: 'shared'`: one instance for the level it is written on (100 per minute on the document is 100 for the document).
 * - `instance: 'operation'`: an instance per operation, since its arguments follow from the operation's contract.
 * - `instance: 'scheme'`: a verifier for a security scheme.
 *
 * A shared policy or a verifier gives undefined only after it has reported an error: nothing is emitted then.
 */
export type PolicyDefinition<F extends Factory = Factory, Options = never> = Definition<Options> &
  (
    | { readonly instance: 'shared'; lower(options: Options, scope: Scope): LoweredArguments<F> | undefined }
    | {
        readonly instance: 'operation'
        lower(options: Options, scope: OperationScope): Outcome<F>
      }
    | { readonly instance: 'scheme'; lower(options: Options, scope: SchemeScope): LoweredArguments<F> | undefined }
  )

export function definePolicy<F extends Factory, Options>(
  definition: PolicyDefinition<F, Options>,
): PolicyDefinition<F, Options> {
  return definition
}

// biome-ignore lint/suspicious/noExplicitAny: a list holds policies of every option type; 2-check has checked the options
export type AnyPolicy = PolicyDefinition<any, any>
