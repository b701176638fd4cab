import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Group, remoteSchemas, type Schema, type Version } from './suite.ts'

/**
 * Writes `openapi.json` with an operation for each group, `POST /<index>`, whose body is the group's schema. Each schema is a
 * file of its own, so that `#` means the same as in the suite. Schemas on the network are components with that `$id`.
 */
export function writeSuiteDocument(folder: string, version: Version, groups: readonly Group[]): void {
  mkdirSync(join(folder, 'groups'), { recursive: true })
  const paths = groups.map(({ file, description, schema }, index) => {
    writeFileSync(join(folder, 'groups', `${index}.json`), JSON.stringify(asWritten(schema), undefined, 1))
    const content = { 'application/json': { schema: { $ref: `groups/${index}.json` } } }
    const responses = { 200: { description: 'taken' } }
    const post = { summary: `${file}: ${description}`, requestBody: { required: true, content }, responses }
    return [`/${index}`, { post }]
  })
  const document = {
    openapi: version === '3.0' ? '3.0.4' : '3.1.1',
    info: { title: 'JSON-Schema-Test-Suite', version: '1' },
    servers: [{ url: 'http://127.0.0.1:9' }],
    paths: Object.fromEntries(paths),
    ...(version === '3.0' ? {} : { components: { schemas: remoteComponents(groups) } }),
  }
  writeFileSync(join(folder, 'openapi.json'), JSON.stringify(document, undefined, 1))
}

/** Only those that groups refer to, and what these refer to. */
function remoteComponents(groups: readonly Group[]): { [name: string]: Schema } {
  const remotes = remoteSchemas()
  const texts = groups.map(({ schema }) => JSON.stringify(schema))
  const wanted = new Set<string>()
  for (const text of texts) {
    for (const [address, schema] of remotes) {
      const isMeta = address.startsWith('https://json-schema.org/')
      const name = isMeta
        ? '"$ref":"https://json-schema.org/draft/2020-12/schema"'
        : address.slice(address.lastIndexOf('/') + 1)
      if (wanted.has(address) || !text.includes(name) || text === JSON.stringify(schema)) continue
      wanted.add(address)
      // A list grows while it is walked.
      texts.push(JSON.stringify(schema))
    }
  }
  return Object.fromEntries(
    [...wanted].map((address, index) => {
      const schema = remotes.get(address)!
      return [`Remote${index}`, typeof schema === 'boolean' ? schema : asWritten({ $id: address, ...schema })]
    }),
  )
}

/** Without the dialect's name, which an OpenAPI document says once for all. */
function asWritten(schema: Schema): Schema {
  if (typeof schema === 'boolean') return schema
  const { $schema: dialect, ...rest } = schema
  return dialect === 'https://json-schema.org/draft/2020-12/schema' ? rest : schema
}
