import type { Json, JsonObject } from './json.ts'
import type { Condition } from './path-key.ts'

/**
 * What to emit, settled to the last option: plain readonly data that knows no OpenAPI. 4-emit turns it into files and
 * decides nothing.
 */
export interface ServicePlan {
  readonly name: string
  readonly title: string
  readonly version: string
  readonly description: string | undefined
  /** The document, as the author named it; relative to the folder the command runs in, with forward slashes. */
  readonly documentFile: string
  readonly basePath: string
  readonly settings: readonly SettingPlan[]
  readonly upstreams: readonly InstancePlan[]
  /** What several operations share, in dependency order: `policies.ts`. */
  readonly instances: readonly InstancePlan[]
  readonly operations: readonly OperationPlan[]
  /** The argument of `serve` beside routes, settings and resources. */
  readonly server: { readonly [option: string]: Value }
  /** Names of instances that are resources: started at boot, closed at the end. */
  readonly resources: readonly string[]
  readonly schemas: SchemaSetPlan
  /** Every operation that is served, hidden ones included: what `schemas/types.ts` is made from. */
  readonly servedDocument: JsonObject
  /** What callers may see: `openapi.json`. */
  readonly publicDocument: JsonObject
  /** The user's hooks file, relative to the service's folder, and the operations it may name. */
  readonly hooks: HooksPlan | undefined
  /** What `--lenient` left out, for the emitted README. */
  readonly narrowed: readonly string[]
}

export interface OperationPlan {
  readonly id: string
  /** The export, a safe identifier: `getOrder`. */
  readonly exportName: string
  /** Without folder and ending: `get-order`; unique where file names ignore case. */
  readonly fileName: string
  readonly method: string
  readonly path: string
  /** The path with what the document has behind it: `/rest?method=list`. */
  readonly request: string
  /** What tells it from others of its path and method. */
  readonly conditions: readonly Condition[]
  readonly summary: string | undefined
  /** Where the document has it: `#/paths/~1orders~1{orderId}/get`. */
  readonly pointer: string
  readonly upstream: Reference
  readonly upstreamPath: string | undefined
  readonly upstreamMethod: string | undefined
  readonly bodyLimit: number | undefined
  /** `caller`: the contract has a header parameter `X-Request-Id`. */
  readonly requestId?: 'caller' | undefined
  /** In the order a request meets them. */
  readonly policies: readonly PolicyPlan[]
  /** What callers must present, for the README: `partnerKey or bearer`, `nobody asks`. */
  readonly access: string
  /** Who gets in without having been verified: anybody, or whoever presents something that nothing here verifies. */
  readonly openTo: 'anybody' | 'unverified' | undefined
}

export interface PolicyPlan {
  /** The policy's name, for the README's matrix. */
  readonly policy: string
  /** A shared instance, or a call of the policy's factory. */
  readonly value: Reference | CallPlan
}

/** A call of something the runtime exports. A class, so that no data of a document can pass for one. */
export class CallPlan {
  /** Under `@specgate/runtime/`: `policies/rate-limit`. */
  readonly module: string
  readonly export: string
  readonly args: readonly Value[]

  constructor(module: string, name: string, args: readonly Value[]) {
    this.module = module
    this.export = name
    this.args = args
  }
}

export interface HooksPlan {
  /** As `hooks.ts` imports it: `../../specs/orders.hooks.ts`. */
  readonly file: string
  /** Export names, the ids that `schemas/types.ts` knows the operations by, and the hooks that are written for them. */
  readonly operations: readonly {
    readonly exportName: string
    readonly id: string
    readonly written: readonly string[]
  }[]
}

/** A constant of `policies.ts` or `upstreams.ts`. */
export interface InstancePlan {
  readonly name: string
  readonly call: CallPlan
  /** One line that says what it is, for the comment above it. */
  readonly about: string
}

/** An argument: data, or a reference to something else that is emitted. */
export type Value =
  | null
  | boolean
  | number
  | string
  | undefined
  | readonly Value[]
  | { readonly [key: string]: Value }
  | Reference
  | CallPlan

/**
 * A name in the emitted code. `T` is what stands behind the name at run time, so that `lower()` can only put a validator
 * where the runtime factory takes a validator.
 */
export class Reference<T = unknown> {
  readonly to: 'validator' | 'setting' | 'instance' | 'upstream' | 'runtime' | 'hook'
  readonly name: string
  /** For `runtime`: the module under `@specgate/runtime/`. */
  readonly module: string | undefined
  /** Only a type: never set. */
  declare readonly target?: T

  constructor(to: Reference['to'], name: string, module?: string) {
    this.to = to
    this.name = name
    this.module = module
  }
}

/** What a runtime factory takes, as `lower()` gives it: data, or references of the right type. */
export type Lowered<T> =
  | Reference<T>
  | (T extends (...args: never[]) => unknown
      ? never
      : T extends string | number | boolean | null | undefined
        ? T
        : T extends object
          ? { readonly [K in keyof T]: Lowered<T[K]> }
          : T)

export interface SettingPlan {
  /** Its key in `settings.ts`: the variable's or the file's name as an identifier. */
  readonly name: string
  readonly env: string | undefined
  readonly file: string | undefined
  readonly default: string | undefined
  readonly about: string | undefined
}

/** JSON Schemas for `schemas/validators.js`: component schemas once, and what operations check with. */
export interface SchemaSetPlan {
  /** By name; they refer to each other as `#/components/schemas/<name>`. */
  readonly components: { readonly [name: string]: Json }
  readonly validators: readonly ValidatorPlan[]
  /** Whether `format` is checked (the default) or only says what a value means: `validate.formats`. */
  readonly formats?: 'assert' | 'annotate'
}

export interface ValidatorPlan {
  /** The export of `schemas/validators.js`. */
  readonly name: string
  readonly schema: Json
  /** What is checked: properties the contract calls readOnly or writeOnly are judged by direction. */
  readonly direction: 'request' | 'response'
}
