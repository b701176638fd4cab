import type { RequestHook, ResponseHook } from '../../runtime/hooks/hooks.ts'
import type { Place } from './place.ts'
import type { Reference } from './service-plan.ts'

/** What `specs/<name>.hooks.ts` exports. */
export interface WrittenHooks {
  /** Relative to where the command runs. */
  readonly file: string
  readonly exports: readonly WrittenHook[]
}

/** One export: the hooks of one operation. */
export interface WrittenHook {
  /** The export's name: an operation's, as the emitted code writes it. */
  readonly name: string
  readonly place: Place
  /** Its members with their places, as written. */
  readonly members: readonly { readonly name: string; readonly place: Place }[]
}

/** The hook functions of one operation that the user has written. */
export interface OperationHookReferences {
  readonly onRequest: Reference<RequestHook> | undefined
  readonly onResponse: Reference<ResponseHook> | undefined
}
