import { pointerTokens } from '../model/place.ts'

/** The component a reference names. */
export function componentName(reference: string | undefined): string | undefined {
  if (reference === undefined || !reference.startsWith('#/components/schemas/')) return undefined
  return pointerTokens(decodeURIComponent(reference.slice(1)))[2]
}
