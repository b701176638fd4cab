/** What `$schema` and `jsonSchemaDialect` say that schemas are written in. OpenAPI 3.1 §4.8.24.5 */
export type Dialect = 'draft-04' | 'draft-06' | 'draft-07' | '2019-09' | '2020-12'

const drafts = /^https?:\/\/json-schema\.org\/(draft-0[467]|draft\/2019-09|draft\/2020-12)\/(?:hyper-)?schema#?$/
const openApi = /^https?:\/\/spec\.openapis\.org\/oas\/3\.\d\/dialect\/.*$/

/** Undefined where the URI names none that is known. */
export function dialectOf(uri: string): Dialect | undefined {
  if (openApi.test(uri)) return '2020-12'
  return drafts.exec(uri)?.[1]?.replace('draft/', '') as Dialect | undefined
}

/** "All other properties in a $ref object MUST be ignored", until draft 2019-09 made it a keyword among others. */
export function ignoresSiblings(dialect: Dialect | undefined): boolean {
  return dialect !== undefined && dialect <= 'draft-07' && dialect.startsWith('draft')
}
