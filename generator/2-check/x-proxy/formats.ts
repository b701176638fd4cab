import { isIP } from 'node:net'
import { unitFormats } from '../../policies/units.ts'

/** A whole setting: `${env:NAME}`, `${env:NAME:-default}`, `${file:/path}`. */
const setting = /^\$\{(?:env:[A-Za-z_][A-Za-z0-9_]*(?::-[^}]*)?|file:[^}]+)\}$/

/** What `format` may say in an option schema: the test, and the form in words. */
export const formats: Readonly<Record<string, { readonly test: (text: string) => boolean; readonly words: string }>> = {
  duration: { test: matches(unitFormats.duration), words: 'a duration such as 250ms, 5s, 10m, 1h or 30d' },
  size: { test: matches(unitFormats.size), words: 'a size such as 64KiB or 1MiB' },
  share: { test: matches(unitFormats.share), words: 'a share such as 50%' },
  secret: { test: matches(setting), words: 'a reference such as ${env:NAME}' },
  setting: { test: matches(setting), words: 'a setting such as ${env:NAME:-default}' },
  cidr: { test: isCidr, words: 'an address or a network such as 10.0.0.0/8' },
  'pem-file': {
    test: (text) => setting.test(text) || (text.trim() !== '' && !text.includes('-----') && !text.includes('${')),
    words: 'the path of a PEM file, or a setting such as ${env:TLS_CERT}',
  },
  address: {
    test: (text) => setting.test(text) || isHttpUrl(text),
    words: 'an absolute http or https URL, or a setting such as ${env:NAME}',
  },
}

export type SettingProblem = 'setting-embedded' | 'setting-malformed'

/** What is wrong with text that looks as if it held a setting. */
export function settingProblem(text: string): SettingProblem | undefined {
  if (!text.includes('${') || setting.test(text)) return undefined
  return /\$\{(env|file):[^}]+\}/.test(text) && !/^\$\{[^}]*\}$/.test(text) ? 'setting-embedded' : 'setting-malformed'
}

function matches(pattern: RegExp): (text: string) => boolean {
  return (text) => pattern.test(text)
}

function isCidr(text: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const family = isIP(address)
  return family !== 0 && (bits === undefined || Number(bits) <= (family === 4 ? 32 : 128))
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text)
}
