import type { RequestBody } from './body.ts'
import type { ClientCertificate } from './client-certificate.ts'
import type { Consumer } from './consumer.ts'
import type { Fields } from './headers.ts'
import type { CredentialReader, Verifier } from './verifier.ts'

/** What an exchange knows of its operation. */
export interface OperationInfo {
  readonly id: string
  readonly method: string
  /** The path template as the document has it, base path included: `/v2/orders/{orderId}`. */
  readonly path: string
}

/** Something a policy did that people want counted and, where it is a refusal or a detection, logged. */
export interface PolicyEvent {
  readonly policy: string
  /** A word of a closed, small set per policy: it becomes a metric label. */
  readonly event: string
  /** For the log only: no submitted values, no secrets. */
  readonly detail?: Readonly<Record<string, unknown>> | undefined
  /**
   * Where in the answer, as JSON pointers, and how often each: for the metrics, with the `status` of the detail. A function,
   * so that it is not in the log line, which has the detail.
   */
  readonly places?: Places | undefined
}

export type Places = () => readonly (readonly [pointer: string, count: number])[]

/** How long an upstream may take, in milliseconds; 0 switches one off. */
export interface Timeouts {
  /** To a connection, waiting for a free one included. */
  readonly connect: number
  /** From the request's last byte to the answer's head. */
  readonly firstByte: number
  /** Between two parts of a body, in either direction. */
  readonly idle: number
  /** For the whole exchange; bodies that are streamed are held by `idle` alone. */
  readonly total: number
}

/** What the access log does with an exchange, where its operation asks for something of its own. */
export interface Logging {
  readonly access: 'json' | 'off'
  /** The share of exchanges that are logged; those that failed always are. */
  readonly sample: number
  /** Lower-case names whose values never reach the log, beside those the service redacts anyway. */
  readonly redactHeaders: ReadonlySet<string>
  readonly redactQuery: ReadonlySet<string>
}

/** What the access log shows of a request that holds sensitive values. */
export interface Concealment {
  path(exchange: Exchange): string
  query(query: string): string
}

/** Something under way that can be called off. */
export interface Abortable {
  abort(): void
}

/** Something that belongs to an exchange and comes back when it is over, such as a place among those under way. */
export interface Held {
  release(): void
}

/** Takes interim answers (RFC 9110 §15.2), such as 103 Early Hints, to the client. */
export interface InterimSink {
  sendInterim(status: number, headers: Fields): void
}

/** What the server puts in when a request has been routed. */
export interface ExchangeStart {
  readonly operation: OperationInfo
  readonly method: string
  readonly path: string
  readonly query: string
  readonly pathValues: readonly string[]
  readonly headers: Fields
  readonly body: RequestBody
  readonly address: string
  readonly requestId: string
  readonly secure: boolean
  readonly host: string
}

/**
 * One request on its way through the policies of its operation. Fields a policy may change are not `readonly`; what it
 * leaves there is what the next policy and the upstream see.
 */
export class Exchange {
  readonly operation: OperationInfo
  /** As received; `HEAD` may be served by the `GET` operation. */
  readonly method: string
  /** The path as received, percent-encoding intact, without the query. What was matched is what is forwarded. */
  path: string
  /** The raw values of the path template's variables, in template order, still percent-encoded. */
  readonly pathValues: readonly string[]
  /** The query as received, without `?`; '' where there is none. */
  query: string
  /**
   * The request's end-to-end fields, with what the proxy tells of the client. `Host` stands in `host`, the framing in
   * `body`. A policy that removes one assigns a new list.
   */
  headers: Fields
  readonly body: RequestBody
  /** The client's address: the peer's, or what a trusted proxy says of it. */
  readonly address: string
  readonly requestId: string
  /** Whether the client came over TLS (or a trusted proxy says so). */
  readonly secure: boolean
  /** The authority the client asked for (`Host`). */
  readonly host: string
  /** Set by the policy that verified the caller. */
  consumer: Consumer | undefined
  /** Set where nobody need say who they are, and this caller has shown no credential of any kind the contract knows. */
  isAnonymous: boolean
  /** What verified the consumer; it knows how its scheme says that somebody may not do something. */
  verifiedBy: Verifier | undefined
  /** Of schemes whose credentials the upstream gets; set by the policy that verified the caller, where there are any. */
  forwarded: readonly CredentialReader[] | undefined
  /** Fields for whatever answer goes out, problems included: never stored by the cache, added last by the server. */
  readonly replyFields: Fields = []
  /** What the client has shown in its TLS handshake, where it was asked for. */
  certificate: ClientCertificate | undefined
  /** What policies did, for metrics and the access log; the observer reads it when the answer is out. */
  events: PolicyEvent[] | undefined
  /** Where interim answers of the upstream go; undefined: nowhere. */
  interim: InterimSink | undefined
  /** Whether the client asks to change the protocol, and its operation knows that one. */
  wantsTunnel: boolean
  /** Set by the `log` policy; the service's way of logging holds where it is undefined. */
  logging: Logging | undefined
  /** Set by the `conceal` policy; undefined: nothing the contract knows is sensitive. */
  concealment: Concealment | undefined
  /** Set by the `timeout` policy; the upstream's defaults hold where it is undefined. */
  timeouts: Timeouts | undefined
  /** Milliseconds spent waiting for the upstream; set by the upstream, shown in the log. */
  upstreamMs: number | undefined
  /**
   * What has to stop when the client goes away: the upstream puts its call here. An object, not a closure: closures here
   * made V8 keep the whole exchange for a full collection (measured: 18 % of the time against 3 %).
   */
  underway: Abortable | undefined
  /** The answer is out, or the client has gone away. */
  isOver: boolean
  #held: Held[] | undefined

  constructor(start: ExchangeStart) {
    this.operation = start.operation
    this.method = start.method
    this.path = start.path
    this.query = start.query
    this.pathValues = start.pathValues
    this.headers = start.headers
    this.body = start.body
    this.address = start.address
    this.requestId = start.requestId
    this.secure = start.secure
    this.host = start.host
    this.consumer = undefined
    this.isAnonymous = false
    this.verifiedBy = undefined
    this.forwarded = undefined
    this.certificate = undefined
    this.events = undefined
    this.interim = undefined
    this.wantsTunnel = false
    this.logging = undefined
    this.concealment = undefined
    this.timeouts = undefined
    this.upstreamMs = undefined
    this.underway = undefined
    this.isOver = false
    this.#held = undefined
  }

  /** Keeps something until the exchange is over; where it is over already, gives it back at once. */
  hold(held: Held): void {
    if (this.isOver) held.release()
    else if (this.#held === undefined) this.#held = [held]
    else this.#held.push(held)
  }

  /** Called once by the server, however the exchange has ended. */
  end(): void {
    this.isOver = true
    this.body.release()
    if (this.#held === undefined) return
    for (const held of this.#held) held.release()
    this.#held = undefined
  }

  /** Notes what a policy did. Cheap: one push; counting and logging happen after the answer. */
  record(policy: string, event: string, detail?: Readonly<Record<string, unknown>>, places?: Places): void {
    const noted = { policy, event, detail, places }
    if (this.events === undefined) this.events = [noted]
    else this.events.push(noted)
  }
}
