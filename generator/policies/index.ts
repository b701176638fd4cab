import type { AnyPolicy } from './define.ts'

/**
 * The policies, in the order a request meets them (verifiers of security schemes stand beside `authenticate`, which
 * calls them). Nobody else decides an order: neither an author nor another list.
 */
export const policies: readonly AnyPolicy[] = []
