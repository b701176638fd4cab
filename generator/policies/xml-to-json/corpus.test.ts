import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { convertXml } from '../../../runtime/xml/convert.ts'
import { linkRoot } from '../../../runtime/xml/link.ts'
import { compileService } from '../../../test/support/compile-service.ts'
import { recordingUpstream } from '../../../test/support/recording-upstream.ts'
import { repository } from '../../../test/support/repository.ts'
import { send } from '../../../test/support/send.ts'
import { startService } from '../../../test/support/start-service.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { inspect } from '../../index.ts'
import { emittedOptions } from '../../xml/evaluate.test-support.ts'

/** Payloads of others with the values they mean; not part of this repository. */
const corpus = `${repository}../shared/corpus`

interface ProtocolTest {
  readonly name: string
  readonly xml: Buffer
  readonly contentType: string
  readonly expected: unknown
  readonly openapi: { paths: object; components: { schemas: Record<string, unknown> } }
}

function protocolTests(): ProtocolTest[] {
  return ['aws-rest-xml', 'aws-ec2'].flatMap((folder) => {
    const path = join(corpus, 'xml', folder)
    return readdirSync(path)
      .filter((file) => file.endsWith('.json'))
      .flatMap((file) => {
        const test = JSON.parse(readFileSync(join(path, file), 'utf8'))
        if (!test.expressibleInOpenAPI) return []
        const xml = readFileSync(join(path, file.replace('.json', '.xml')))
        return [
          {
            name: file.slice(0, -5),
            xml,
            contentType: test.contentType,
            expected: test.expected,
            openapi: test.openapi,
          },
        ]
      })
  })
}

/** One document with a path for each test; component names get the test's number. */
function together(tests: readonly ProtocolTest[]): object {
  const numbered = tests.map(({ openapi }, i) =>
    JSON.parse(JSON.stringify(openapi).replaceAll('#/components/schemas/', `#/components/schemas/T${i}.`)),
  )
  return {
    openapi: '3.0.3',
    info: { title: 'Protocol tests', version: '1' },
    servers: [{ url: 'http://127.0.0.1:1' }],
    'x-proxy': { xmlToJson: { nonFinite: 'string' } },
    paths: Object.fromEntries(numbered.map((one, i) => [`/${tests[i]!.name}`, one.paths['/']])),
    components: {
      schemas: Object.fromEntries(
        numbered.flatMap((one, i) =>
          Object.entries(one.components.schemas).map(([name, schema]) => [`T${i}.${name}`, schema]),
        ),
      ),
    },
  }
}

/**
 * Whether two values are the same to somebody who knows the schema: the tests write points in time as numbers and bytes as
 * text, which JSON of the contract writes as the strings of the document.
 */
function same(expected: unknown, got: unknown): boolean {
  if (typeof expected === 'number' && typeof got === 'string') {
    const seconds = /^\d+(?:\.\d+)?$/.test(got) ? Number(got) : Date.parse(got) / 1000
    return Math.abs(seconds - expected) < 1e-6 || Math.floor(seconds) === expected
  }
  if (typeof expected === 'string' && typeof got === 'string') {
    return (
      expected === got || Date.parse(expected) === Date.parse(got) || Buffer.from(got, 'base64').toString() === expected
    )
  }
  if (typeof expected !== 'object' || expected === null || typeof got !== 'object' || got === null)
    return expected === got
  const keys = new Set([...Object.keys(expected), ...Object.keys(got)])
  return (
    Array.isArray(expected) === Array.isArray(got) &&
    [...keys].every((key) => same((expected as Record<string, unknown>)[key], (got as Record<string, unknown>)[key]))
  )
}

const has = existsSync(join(corpus, 'xml'))

describe.skipIf(!has)('payloads of the corpus (../shared/corpus/xml)', () => {
  it('all protocol tests that OpenAPI can express, through a running service', async () => {
    const tests = protocolTests()
    const folder = tempFolder('protocol-tests')
    const upstream = await recordingUpstream(({ target }) => {
      const { xml, contentType } = tests.find(({ name }) => target === `/${name}`)!
      return { headers: { 'content-type': contentType }, body: xml.toString() }
    })
    mkdirSync(join(folder.path, 'specs'))
    writeFileSync(join(folder.path, 'specs', 'tests.json'), JSON.stringify(together(tests)))
    const service = await startService(await compileService(folder.path, 'specs/tests.json'), {
      UPSTREAM_DEFAULT_URL: upstream.url,
    })
    try {
      const wrong: unknown[] = []
      for (const { name, expected } of tests) {
        const { status, body } = await send(service.url, { target: `/${name}` })
        const got: unknown = JSON.parse(body.toString())
        if (status !== 200 || !same(expected, got)) wrong.push({ name, expected, got })
      }
      expect(wrong).toEqual([])
      expect(tests).toHaveLength(67)
    } finally {
      await service.stop()
      await upstream.close()
      folder.remove()
    }
  }, 120_000)

  // What the documents do not say cannot be read: maps, the text of a root, and JSON that is called XML.
  it.each([
    ['s3', 'none', ['s3-get-bucket-location', 's3-get-bucket-policy']],
    [
      'ses',
      'root',
      [
        'ses-get-identity-dkim-attributes',
        'ses-get-identity-notification-attributes',
        'ses-get-identity-verification-attributes',
      ],
    ],
    ['ec2', 'none', []],
  ] as const)(
    'recorded answers of %s',
    async (name, unwrap, inexpressible) => {
      const folder = tempFolder(`recorded-${name}`)
      const document = JSON.parse(readFileSync(join(corpus, 'documents', `aws-${name}.json`), 'utf8'))
      writeFileSync(
        join(folder.path, 'api.json'),
        JSON.stringify({ ...document, 'x-proxy': { xmlToJson: { unwrap } } }),
      )
      const { plan } = await inspect({ document: 'api.json', root: folder.path, out: 'generated' })
      folder.remove()
      const recorded = join(corpus, 'xml', 'aws-live-responses')
      const wrong: string[] = []
      let right = 0
      for (const file of readdirSync(recorded).filter((one) => one.startsWith(`${name}-`) && one.endsWith('.json'))) {
        const { ResponseMetadata: _, ...expected } = JSON.parse(readFileSync(join(recorded, file), 'utf8'))
        const id = file
          .slice(name.length + 1, -5)
          .replace(/#\d+$/, '')
          .replaceAll('-', '')
        const index = plan!.operations.findIndex(
          ({ id: own }) => own.toLowerCase().replace(/^(?:get|post)_/, '') === id,
        )
        const options = emittedOptions(plan!, index)
        // No content is declared: the answer passes as it is.
        if (options === undefined) continue
        try {
          const root = { ...linkRoot(options.responses['200']!.root), unwrap: options.unwrap }
          const xml = readFileSync(join(recorded, file.replace('.json', '.xml')))
          const got: unknown = JSON.parse(convertXml(xml, root, { ...options, nonFinite: 'reject' }).toString())
          if (same(expected, got)) right++
          else wrong.push(file.slice(0, -5))
        } catch {
          wrong.push(file.slice(0, -5))
        }
      }
      expect(wrong).toEqual(inexpressible)
      expect(right).toBeGreaterThan(3)
    },
    120_000,
  )
})
