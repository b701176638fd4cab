import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { compileService } from '../../../test/support/compile-service.ts'
import { recordingUpstream } from '../../../test/support/recording-upstream.ts'
import { repository } from '../../../test/support/repository.ts'
import { send } from '../../../test/support/send.ts'
import { startService } from '../../../test/support/start-service.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'

/** The examples of OpenAPI 3.2 §4.26.3 with the XML it says they are; not part of this repository. */
const corpus = join(repository, '../shared/corpus/xml/oas-spec-3.2.0')

type Tree = { readonly [key: string]: unknown }

interface Example {
  readonly file: string
  readonly schema: Tree
  readonly data: unknown
  readonly xml: string
}

/** Misprints of the specification, mended: tags that do not match (11), YAML that is none (15). */
const mended: Readonly<Record<string, (text: string) => string>> = {
  '11.xml': (text) => text.replaceAll('</animals>', '</animal>').replace(/<animals>\s*$/, '</animals>'),
  '15.media.yaml': (text) => text.replace(/\n\s+null\n\s+\]/, '\n        - null'),
}

function read(file: string): string {
  const text = readFileSync(join(corpus, file), 'utf8')
  return mended[file]?.(text) ?? text
}

/** Of several examples of one schema each has a number of its own. */
const second: ReadonlySet<string> = new Set(['14', '18'])

/** The media type with an example, of those there are the one meant. */
function mediaOf(value: unknown, place: number): { readonly schema: Tree; readonly data: unknown } {
  const found: { schema: Tree; data: unknown }[] = []
  const visit = (one: unknown): void => {
    if (typeof one !== 'object' || one === null) return
    const { schema, examples } = one as { schema?: Tree; examples?: Record<string, { dataValue?: unknown }> }
    if (schema !== undefined && examples !== undefined) {
      for (const { dataValue } of Object.values(examples)) found.push({ schema, data: dataValue })
    } else for (const member of Object.values(one)) visit(member)
  }
  visit(value)
  return found[place]!
}

function examples(): { readonly all: Example[]; readonly components: Tree } {
  const components: Record<string, unknown> = {}
  const all = readdirSync(corpus)
    // 03 has a list where its schema says text; 05 is what it means.
    .filter((file) => file.endsWith('.yaml') && !file.startsWith('03'))
    .map((file): Example => {
      const number = file.slice(0, 2)
      const document = parse(read(file).replaceAll('#/components/schemas/', `#/components/schemas/E${number}.`)) as Tree
      const schemas = ((document['components'] as Tree | undefined)?.['schemas'] ?? {}) as Tree
      // A root without a name is called as its component is, which here has a number before it.
      for (const [name, schema] of Object.entries(schemas)) {
        const { xml } = schema as { xml?: object }
        components[`E${number}.${name}`] = xml === undefined ? { xml: { name }, ...(schema as object) } : schema
      }
      return { file: number, ...mediaOf(document, second.has(number) ? 1 : 0), xml: read(`${number}.xml`) }
    })
  return { all, components }
}

/** Without layout and where namespaces are declared: the examples leave `xsi` out. */
function compact(text: string): string {
  return text
    .replace(/ xmlns:\w+="[^"]*"/g, '')
    .replaceAll(' />', '/>')
    .replace(/>\s+</g, '><')
    .trim()
}

describe.skipIf(!existsSync(corpus))('examples of the specification (../shared/corpus/xml/oas-spec-3.2.0)', () => {
  it('are written and read as it says, through a running service', async () => {
    const { all, components } = examples()
    const folder = tempFolder('spec-examples')
    const operation = ({ file, schema }: Example) => ({
      get: {
        operationId: `get${file}`,
        responses: { 200: { description: 'ok', content: { 'application/json': { schema } } } },
      },
      post: {
        operationId: `post${file}`,
        requestBody: { content: { 'application/json': { schema } } },
        responses: { 204: { description: 'ok' } },
      },
    })
    const document = {
      openapi: '3.2.0',
      info: { title: 'Examples', version: '1' },
      servers: [{ url: 'http://127.0.0.1:1' }],
      'x-proxy': {
        xmlToJson: { unknown: 'reject' },
        jsonToXml: { unknown: 'reject', declaration: false },
        validate: { response: 'enforce' },
      },
      paths: Object.fromEntries(all.map((one) => [`/${one.file}`, operation(one)])),
      components: { schemas: components },
    }
    writeFileSync(join(folder.path, 'examples.json'), JSON.stringify(document))
    const upstream = await recordingUpstream(({ method, target }) => {
      if (method === 'POST') return { status: 204, headers: {} }
      const { xml } = all.find(({ file }) => target === `/${file}`)!
      const isNil = xml.includes('xsi:nil')
      const bound = isNil ? xml.replace(/^<\w+/, '$& xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"') : xml
      return { headers: { 'content-type': 'application/xml' }, body: bound }
    })
    const service = await startService(await compileService(folder.path, 'examples.json'), {
      UPSTREAM_DEFAULT_URL: upstream.url,
    })
    try {
      const wrong: unknown[] = []
      for (const { file, data, xml } of all) {
        const headers = { 'content-type': 'application/json' }
        const sent = await send(service.url, {
          method: 'POST',
          target: `/${file}`,
          headers,
          body: JSON.stringify(data),
        })
        const written = String(upstream.take()[0]?.body ?? sent.body)
        if (compact(written) !== compact(xml)) wrong.push({ file, written, xml })
        const { body } = await send(service.url, { target: `/${file}` })
        upstream.take()
        const got: unknown = JSON.parse(body.toString())
        try {
          expect(got).toEqual(data)
        } catch {
          wrong.push({ file, got, data })
        }
      }
      expect(wrong).toEqual([])
      expect(all).toHaveLength(17)
    } finally {
      await service.stop()
      await upstream.close()
      folder.remove()
    }
  }, 60_000)
})
