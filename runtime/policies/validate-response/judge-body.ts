import { isAscii } from 'node:buffer'
import type { Fault } from '../../core/problem.ts'
import type { Validator } from '../../core/validator.ts'
import { isCoded, undoCodings } from '../../validation/content-coding.ts'
import { bodyFaults } from '../../validation/details.ts'

/** Parses a JSON body and holds it against its schema; at once where it has no content coding. */
export function judgeBody(
  bytes: Buffer,
  coding: string | undefined,
  schema: Validator,
  faults: Fault[],
  limit: number,
): void | Promise<void> {
  if (!isCoded(coding)) {
    judgeText(bytes, schema, faults)
    return
  }
  return undoCodings(bytes, coding, limit).then((content) => {
    if (Buffer.isBuffer(content)) judgeText(content, schema, faults)
    else faults.push({ pointer: '', detail: 'cannot be read behind its content coding', keyword: 'contentCoding' })
  })
}

/** JSON.parse is strict enough here: what the upstream says is the upstream's, and goes on as it is. */
function judgeText(bytes: Buffer, schema: Validator, faults: Fault[]): void {
  let value: unknown
  try {
    // What is ASCII is latin1 as well, and made a string of in a quarter of the time.
    value = JSON.parse(bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8'))
  } catch {
    faults.push({ pointer: '', detail: 'is not well-formed JSON', keyword: 'json' })
    return
  }
  if (!schema(value)) faults.push(...bodyFaults(schema.errors, 'masked', 10))
}
