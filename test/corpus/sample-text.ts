import fc from 'fast-check'
import type { MergedSchema } from './merged-schema.ts'
import { meantPattern } from './oracle.ts'
import { Unreadable } from './source-document.ts'

/** A text of each format, in a form that nobody disputes. */
const formatted: Readonly<Record<string, readonly string[]>> = {
  date: ['2024-02-29'],
  'date-time': ['2024-02-29T12:30:45Z'],
  time: ['12:30:45Z'],
  duration: ['P1DT2H'],
  uuid: ['7f9c24e8-3b12-4fef-91e0-5c1d2a6b8f34'],
  uri: ['https://example.com/a'],
  url: ['https://example.com/a'],
  'uri-reference': ['/a/b'],
  'uri-template': ['/a/{b}'],
  iri: ['https://example.com/a'],
  'iri-reference': ['/a/b'],
  email: ['someone@example.com'],
  'idn-email': ['someone@example.com'],
  hostname: ['example.com'],
  'idn-hostname': ['example.com'],
  ipv4: ['192.0.2.1'],
  ipv6: ['2001:db8::1'],
  byte: ['Y29ycHVz'],
  base64url: ['Y29ycHVz'],
  'json-pointer': ['/a/b'],
  'relative-json-pointer': ['1/a'],
  regex: ['a+'],
  char: ['a'],
  decimal: ['12.5'],
  'http-date': ['Thu, 29 Feb 2024 12:30:45 GMT'],
  'time-local': ['12:30:45'],
  'date-time-local': ['2024-02-29T12:30:45'],
  'media-range': ['text/plain'],
}

/** A text that meets lengths, patterns and formats. @throws Unreadable */
export function sampleText(schema: MergedSchema, variant: number): string {
  const { minLength, maxLength, patterns, formats, examples } = schema
  const rules = patterns.map(meantPattern)
  const fits = (text: string): boolean => {
    const { length } = [...text]
    return length >= minLength && length <= maxLength && rules.every((rule) => rule.test(text))
  }
  const texts = examples.filter((example) => typeof example === 'string')
  const plain = variant === 0 ? 'text' : `text${variant}`
  const padded = plain.padEnd(minLength, 'x').slice(0, Math.min(maxLength, 1e6))
  const candidates = [
    ...formats.flatMap((format) => formatted[format] ?? []),
    ...(formats.length > 0 || patterns.length === 0 ? [] : texts),
    padded,
    ...texts,
    ...['1', '12', '123', '1234', 'a', 'A', 'AB', 'ABC', 'EUR', 'en', 'en-US', '2024-02-29', '12.50', '+14155550100'],
  ]
  const found = candidates.filter(fits)
  if (found.length <= variant) found.push(...rules.flatMap((rule) => matching(rule, minLength, maxLength)).filter(fits))
  const text = [...new Set(found)][variant] ?? found[0]
  if (text === undefined) throw new Unreadable('no text fits')
  return text
}

/** Texts an expression matches; [] where it cannot be turned round. */
function matching(rule: RegExp, minLength: number, maxLength: number): string[] {
  try {
    const arbitrary = fc.stringMatching(rule)
    const found = fc.sample(arbitrary, { seed: 7, numRuns: 60 })
    // Without an end of its own an expression matches any longer text too.
    const longer = found.map((text) => text.padEnd(minLength, text.at(-1) ?? 'x').slice(0, Math.min(maxLength, 1e5)))
    return [...found, ...longer].filter((text) => /^[\x20-\x7e]*$/.test(text)).concat(found)
  } catch {
    return []
  }
}
