import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { repository } from './repository.ts'

/** One document of a service with what it means: test/xml-vectors/README.md. */
export interface XmlVector {
  /** `<file>.<name>` */
  readonly name: string
  /** Undefined: without a schema. */
  readonly schema?: object
  /** The component schemas of the file. */
  readonly components: Readonly<Record<string, object>>
  /** Options of `xmlToJson` and `jsonToXml`. */
  readonly xmlToJson: Readonly<Record<string, unknown>>
  readonly jsonToXml: Readonly<Record<string, unknown>>
  /** Media type of the answer. */
  readonly media: string
  readonly xml: Buffer
  /** The JSON expected, compact, digit by digit and in order. */
  readonly json?: string
  /** What the answer is refused with instead. */
  readonly refused?: { readonly status: number; readonly pointer?: string; readonly keyword?: string }
  /** Why JSON → XML → JSON is not the same. */
  readonly oneWay?: string
  /** Whether the JSON is held against the schema. */
  readonly validate: boolean
}

interface VectorFile {
  readonly components?: Readonly<Record<string, object>>
  readonly xmlToJson?: object
  readonly jsonToXml?: object
  readonly vectors: readonly {
    readonly name: string
    readonly schema?: object
    readonly xmlToJson?: object
    readonly jsonToXml?: object
    readonly media?: string
    readonly encoding?: string
    readonly xml?: string
    readonly bytes?: string
    readonly json?: string
    readonly refused?: XmlVector['refused']
    readonly oneWay?: string
    readonly validate?: boolean
  }[]
}

const folder = join(repository, 'test', 'xml-vectors')

export function readVectors(): XmlVector[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .flatMap((file) => {
      const read = parse(readFileSync(join(folder, file), 'utf8')) as VectorFile
      return read.vectors.map((vector): XmlVector => {
        const { name, json, schema, refused, oneWay } = vector
        return {
          name: `${file.slice(0, -5)}.${name}`,
          ...(schema === undefined ? {} : { schema }),
          components: read.components ?? {},
          xmlToJson: { ...read.xmlToJson, ...vector.xmlToJson },
          jsonToXml: { ...read.jsonToXml, ...vector.jsonToXml },
          media: vector.media ?? 'application/xml',
          xml:
            vector.bytes === undefined ? encode(vector.xml ?? '', vector.encoding) : Buffer.from(vector.bytes, 'hex'),
          ...(json === undefined ? {} : { json: compact(json) }),
          ...(refused === undefined ? {} : { refused }),
          ...(oneWay === undefined ? {} : { oneWay }),
          validate: vector.validate ?? true,
        }
      })
    })
}

/** JSON text without white space between its tokens. */
export function compact(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, text: string | undefined) => text ?? '')
}

/** Node encodes UTF-8, UTF-16LE and Latin-1; UTF-16BE is the second with its bytes swapped. */
function encode(text: string, encoding = 'utf-8'): Buffer {
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16()
  return Buffer.from(text, encoding as BufferEncoding)
}
