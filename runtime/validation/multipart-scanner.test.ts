import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseMultipart } from './multipart.ts'
import { MultipartScanner } from './multipart-scanner.ts'

interface Seen {
  readonly name: string
  readonly mediaType: string
  readonly content: string
}

function scanned(bytes: Buffer, cuts: Iterator<number>): Seen[] | undefined {
  const parts: { name: string; mediaType: string; chunks: Buffer[] }[] = []
  let whole = 0
  const scanner = new MultipartScanner('b', 3, {
    head: (part) => parts.push({ ...part, chunks: [] }),
    content: (chunk) => parts.at(-1)!.chunks.push(Buffer.from(chunk)),
    end: () => whole++,
  })
  for (let at = 0; at < bytes.length; ) {
    const chunk = bytes.subarray(at, at + cuts.next().value!)
    scanner.take(Buffer.from(chunk))
    at += chunk.length
  }
  if (!scanner.isWhole) return undefined
  expect(whole).toBe(parts.length)
  return parts.map(({ chunks, ...part }) => ({ ...part, content: Buffer.concat(chunks).toString('latin1') }))
}

it('sees what the reader of whole bodies sees, wherever the bytes are cut', () => {
  const piece = fc.constantFrom(
    ...['--b', '\r\n--b', '\r\n', '\r', '\n', '--', '-', 'b', 'a', '\r\n\r\n', ': ', '\0'],
    ...['Content-Disposition: form-data; name="x"', 'Content-Type: text/csv', '\r\n--b--', '\r\n--b\r\n'],
  )
  const part = fc
    .tuple(fc.constantFrom('x', 'y'), fc.array(piece, { maxLength: 4 }))
    .map(([name, content]) => `\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${content.join('')}\r\n--b`)
  const body = fc.oneof(
    fc.array(fc.oneof({ weight: 3, arbitrary: part }, piece), { maxLength: 5 }).map((list) => `--b${list.join('')}--`),
    fc.array(piece, { maxLength: 12 }).map((list) => list.join('')),
  )
  let readable = 0
  fc.assert(
    fc.property(body, fc.infiniteStream(fc.integer({ min: 1, max: 40 })), (text, cuts) => {
      const bytes = Buffer.from(text)
      const expected = parseMultipart(bytes, 'b', 3)?.map(({ name, mediaType, content }) => {
        return { name, mediaType, content: content.toString('latin1') }
      })
      if (expected !== undefined) readable++
      expect(scanned(bytes, cuts)).toEqual(expected)
    }),
    { numRuns: 3_000 },
  )
  expect(readable).toBeGreaterThan(200)
})
