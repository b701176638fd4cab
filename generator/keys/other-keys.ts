import { randomBytes, scryptSync } from 'node:crypto'
import { digestOf, makeKey, makeKeyId } from './api-key.ts'
import { append, entryOf, expiryOf, keysOf, mapIn, timeText } from './edit-keys.ts'
import { KeysError, type KeysPlace } from './keys-place.ts'

/** As the runtime reads it: 32 MiB for each guess. */
const cost = { ln: 15, r: 8, p: 1 } as const

/**
 * Gives the consumer of a key a new one; the old one stays good for a while, so that both can be in use while it is handed over.
 * @param overlap `7d`, `12h`
 */
export async function rotateKey(
  place: KeysPlace,
  id: string,
  overlap: string,
): Promise<{ key: string; id: string; consumer: string; until: string }> {
  const until = expiryOf(overlap)
  const key = makeKey()
  const fresh = makeKeyId()
  let consumer = ''
  let ends = until
  await place.change((document) => {
    const found = keysOf(document).find((one) => one.id === id && one.key.has('sha256'))
    if (found === undefined) throw new KeysError(`${place.name} has no key "${id}"; \`specgate keys list\` shows them.`)
    consumer = found.consumer
    const before = found.key.get('expires')
    // A key that ends sooner does not live longer for it.
    ends = before !== undefined && Date.parse(String(before)) < Date.parse(until) ? String(before) : until
    found.key.set('expires', ends)
    append(document, found.owner, 'keys', entryOf(fresh, key, undefined))
  }, false)
  return { key, id: fresh, consumer, until: ends }
}

/** Stores the hashes of keys that were made elsewhere. @param lines `<consumer> <key>` */
export async function importKeys(place: KeysPlace, lines: readonly string[]): Promise<number> {
  const pairs = lines.flatMap((line, index): (readonly [string, string])[] => {
    if (line.trim() === '' || line.startsWith('#')) return []
    const [, consumer, key] = /^([\x21-\x7e]{1,128})[ \t]+([\x21-\x7e]{1,1024})\s*$/.exec(line) ?? []
    if (consumer === undefined || key === undefined) throw new KeysError(`Line ${index + 1} is not "<consumer> <key>".`)
    // A plain hash protects nothing that can be guessed.
    if (key.length < 20)
      throw new KeysError(`The key in line ${index + 1} is shorter than 20 characters: it can be guessed.`)
    return [[consumer, key]]
  })
  await place.change((document) => {
    const known = new Set(keysOf(document).map(({ key }) => String(key.get('sha256')).toLowerCase()))
    for (const [name, key] of pairs) {
      if (known.has(digestOf(key))) throw new KeysError(`A key of ${name} is there already.`)
      known.add(digestOf(key))
      const consumer = mapIn(document, document.get('consumers', true), ['consumers', name])
      // Of a key of unknown making even the beginning may say too much.
      const { prefix: _, ...entry } = entryOf(makeKeyId(), key, undefined)
      append(document, consumer, 'keys', entry)
    }
  })
  return pairs.length
}

/** Stores the scrypt hash of a password, for the basic scheme. @param password made where there is none */
export async function addPassword(
  place: KeysPlace,
  consumer: string,
  password = randomBytes(18).toString('base64url'),
): Promise<{ password: string; id: string }> {
  if (!/^[\x21-\x39\x3b-\x7e]{1,128}$/.test(consumer)) {
    throw new KeysError(
      'The id of a consumer with a password is 1 to 128 printable ASCII characters without spaces and colons.',
    )
  }
  if (password.length < 8) throw new KeysError('A password has 8 characters at least.')
  const salt = randomBytes(16)
  const { ln, r, p } = cost
  const hash = scryptSync(password, salt, 32, { N: 2 ** ln, r, p, maxmem: 256 * 1024 * 1024 })
  const id = makeKeyId().replace('key_', 'pw_')
  const scrypt = `$scrypt$ln=${ln},r=${r},p=${p}$${unpadded(salt)}$${unpadded(hash)}`
  await place.change((document) => {
    const owner = mapIn(document, document.get('consumers', true), ['consumers', consumer])
    append(document, owner, 'passwords', { id, scrypt, created: timeText(Date.now()) })
  })
  return { password, id }
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
