import type { SchemeScope } from './define.ts'

/** `PARTNER_KEY_CONSUMERS`; schemes whose names differ in punctuation only are told apart by a number. */
export function schemeVariable({ scheme, node }: SchemeScope, suffix: string): string {
  const schemes = (node.tree.root.path('components', 'securitySchemes')?.entries() ?? []).map(([name]) => name)
  const alike = schemes.filter((name) => constantCase(name) === constantCase(scheme.name))
  const index = alike.indexOf(scheme.name)
  return `${constantCase(scheme.name)}${index > 0 ? `_${index + 1}` : ''}_${suffix}`
}

function constantCase(text: string): string {
  const constant = text
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toUpperCase()
  return /^[A-Z]/.test(constant) ? constant : `SCHEME_${constant}`
}
