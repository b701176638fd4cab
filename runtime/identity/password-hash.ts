import { scrypt, timingSafeEqual } from 'node:crypto'

/** A password's scrypt hash (RFC 7914) in the PHC form: `$scrypt$ln=15,r=8,p=1$<salt>$<hash>`, base64 without padding. */
export interface PasswordHash {
  readonly ln: number
  readonly r: number
  readonly p: number
  readonly salt: Buffer
  readonly hash: Buffer
}

/** 32 MiB and about 60 ms for each guess. */
export const usualCost = { ln: 15, r: 8, p: 1 } as const
/** Bytes of memory that one look may take. */
const mostMemory = 128 * 1024 * 1024

/** @returns a sentence where the text is no hash, or one that protects too little or costs too much */
export function parsePasswordHash(text: unknown): PasswordHash | string {
  const form = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{16,128})\$([A-Za-z0-9+/]{32,128})$/
  const found = typeof text === 'string' ? form.exec(text) : null
  if (found === null) return '"scrypt" must look like $scrypt$ln=15,r=8,p=1$<salt>$<hash> (`specgate keys password`).'
  const [ln, r, p] = found.slice(1, 4).map(Number) as [number, number, number]
  if (ln < 14 || r < 8 || p < 1) return 'The hash is too cheap to protect a password: ln=14,r=8,p=1 at least.'
  if (128 * r * 2 ** ln > mostMemory || p > 4)
    return 'The hash costs more than a service can afford: 128 MiB, p=4 at most.'
  return { ln, r, p, salt: Buffer.from(found[4]!, 'base64'), hash: Buffer.from(found[5]!, 'base64') }
}

/** Whether the password is the one. The work is done beside the event loop. */
export function isPassword(password: string, { ln, r, p, salt, hash }: PasswordHash): Promise<boolean> {
  const cost = { N: 2 ** ln, r, p, maxmem: 2 * mostMemory }
  return new Promise((resolve, fail) => {
    scrypt(password, salt, hash.length, cost, (error, made) => {
      if (error === null) resolve(timingSafeEqual(made, hash))
      else fail(error)
    })
  })
}
