import { type Notice, printNotice } from '../core/notice.ts'
import { reject } from '../core/rejection.ts'
import type { Resource } from '../core/resource.ts'
import { checkIssuerUrl, fetchJson } from './fetch-json.ts'
import { issuerMetadata, metadataPlaces } from './issuer-metadata.ts'
import { type KeyChoice, KeySet, type KeySource } from './key-set.ts'
import type { PublicKey, SignatureAlgorithm } from './public-key.ts'

export interface RemoteKeysOptions {
  readonly issuer: string
  /** Of the JWK Set itself; '' to learn it from the issuer's metadata. */
  readonly jwksUri: string
  /** Of the metadata; '' where it follows from the issuer. Not used beside `jwksUri`. */
  readonly metadata: string
}

/** For tests: time, and who is told. Milliseconds. */
export interface RemoteKeysSurroundings {
  readonly now?: () => number
  readonly notice?: (notice: Notice) => void
}

const second = 1000
const minute = 60 * second
/** Questions for keys nobody has heard of that may be in vain, and how long until another is allowed again. */
const vain = { most: 3, cooldown: 30 * second }
/** How long keys stay fresh, whatever the issuer says: a key that was withdrawn must not live for days. */
const fresh = { least: minute, usual: 5 * minute, most: 60 * minute }
/** How long known keys are used while the issuer cannot be reached. */
const grace = 24 * 60 * minute
/** After a failure; doubled with each further one. */
const retry = { first: second, most: 30 * second }
/** How long a start may hold back readiness. */
const patience = 5 * second

/**
 * The keys of an issuer, fetched when the service starts and kept up to date beside requests. The service starts without
 * them: an issuer that is down must not take operations down that need no token.
 */
export function remoteKeys(
  options: RemoteKeysOptions,
  surroundings: RemoteKeysSurroundings = {},
): Resource & KeySource {
  return new RemoteKeys(options, surroundings)
}

class RemoteKeys implements Resource, KeySource {
  readonly name: string
  readonly #options: RemoteKeysOptions
  readonly #now: () => number
  readonly #notice: (notice: Notice) => void
  #set: KeySet | undefined
  #fetchedAt = Number.NEGATIVE_INFINITY
  #freshUntil = Number.NEGATIVE_INFINITY
  /** Before this no question for an unknown key; each that was in vain moves it. */
  #coolUntil = Number.NEGATIVE_INFINITY
  #retryAt = Number.NEGATIVE_INFINITY
  #failures = 0
  #underway: Promise<boolean> | undefined
  #timer: NodeJS.Timeout | undefined
  #startedAt = Number.NEGATIVE_INFINITY
  #closed = false

  constructor(
    options: RemoteKeysOptions,
    { now = () => performance.now(), notice = printNotice }: RemoteKeysSurroundings,
  ) {
    this.name = `keys of ${options.issuer}`
    this.#options = options
    this.#now = now
    this.#notice = notice
  }

  start(): void {
    const { issuer, jwksUri, metadata } = this.#options
    if (jwksUri !== '') checkIssuerUrl(jwksUri)
    else for (const url of metadata === '' ? metadataPlaces(issuer) : [metadata]) checkIssuerUrl(url)
    this.#startedAt = this.#now()
    void this.#refresh()
  }

  /** Waits for the first answer, but not for long. */
  ready(): boolean {
    return this.#set !== undefined || this.#failures > 0 || this.#now() - this.#startedAt > patience
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  holds(key: PublicKey): boolean {
    const now = this.#now()
    if (now >= this.#freshUntil && now >= this.#retryAt) void this.#refresh()
    return now - this.#fetchedAt < grace && this.#set?.keys.has(key) === true
  }

  find(kid: string | undefined, algorithm: SignatureAlgorithm): KeyChoice | Promise<KeyChoice> {
    const now = this.#now()
    if (this.#set === undefined || now - this.#fetchedAt >= grace) return this.#findLate(kid, algorithm)
    if (now >= this.#freshUntil && now >= this.#retryAt) void this.#refresh()
    const choice = this.#set.choose(kid, algorithm)
    return choice === 'unknown' ? this.#findNew(kid, algorithm, now) : choice
  }

  /** Without any keys nobody can be verified, and nobody is at fault. */
  async #findLate(kid: string | undefined, algorithm: SignatureAlgorithm): Promise<KeyChoice> {
    const isSettled = (this.#underway !== undefined || this.#now() >= this.#retryAt) && (await this.#refresh())
    if (!isSettled || this.#set === undefined) throw this.#outOfReach()
    return this.#set.choose(kid, algorithm)
  }

  /** The issuer may have begun to use a new key; strangers who invent names must not make us ask each time. */
  async #findNew(kid: string | undefined, algorithm: SignatureAlgorithm, now: number): Promise<KeyChoice> {
    if (this.#underway === undefined && now < this.#coolUntil - (vain.most - 1) * vain.cooldown) {
      if (this.#failures > 0) throw this.#outOfReach()
      return 'unknown'
    }
    const isSettled = await this.#refresh()
    const choice = this.#set?.choose(kid, algorithm) ?? 'unknown'
    if (choice === 'unknown') {
      this.#coolUntil = Math.max(this.#coolUntil, this.#now()) + vain.cooldown
      if (!isSettled) throw this.#outOfReach()
    }
    return choice
  }

  #outOfReach(): Error {
    const wait = Math.max(1, Math.ceil((this.#retryAt - this.#now()) / second))
    return reject('service-unavailable', {
      detail: 'The token cannot be verified at the moment.',
      headers: ['Retry-After', String(wait)],
      cause: new Error(`${this.name} cannot be had`),
    })
  }

  /** Asks the issuer; whoever needs an answer meanwhile waits for the same one. @returns whether it was had */
  #refresh(): Promise<boolean> {
    this.#underway ??= this.#fetch().finally(() => {
      this.#underway = undefined
    })
    return this.#underway
  }

  async #fetch(): Promise<boolean> {
    try {
      const { value, maxAge } = await fetchJson(await this.#keysUrl())
      const set = KeySet.read(value, this.#set)
      for (const fault of set.faults.slice(0, 10)) {
        this.#notice({ level: 'error', message: `${this.name}: ${fault} and is not used` })
      }
      if (this.#failures > 0) this.#notice({ level: 'info', message: `${this.name} were had again` })
      this.#set = set
      this.#failures = 0
      this.#fetchedAt = this.#now()
      const age = maxAge === undefined ? fresh.usual : maxAge * second
      this.#freshUntil = this.#fetchedAt + Math.min(Math.max(age, fresh.least), fresh.most)
      return true
    } catch (error) {
      const wait = Math.min(retry.first * 2 ** this.#failures++, retry.most)
      this.#retryAt = this.#now() + wait
      if (this.#failures === 1)
        this.#notice({ level: 'error', message: `${this.name} cannot be had: ${(error as Error).message}` })
      if (!this.#closed) this.#timer = setTimeout(() => void this.#refresh(), wait).unref()
      return false
    }
  }

  /** Asked anew each time: an issuer may move its keys. */
  async #keysUrl(): Promise<string> {
    const { issuer, jwksUri, metadata } = this.#options
    if (jwksUri !== '') return jwksUri
    const { jwks_uri: url } = await issuerMetadata(issuer, metadata)
    if (typeof url !== 'string') throw new Error(`the metadata of ${issuer} name no "jwks_uri"`)
    return url
  }
}
