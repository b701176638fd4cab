import type { Resource } from '../core/resource.ts'
import type { ConsumerDirectory, KnownKey, KnownPassword } from './consumers.ts'
import { type ReadConsumers, readConsumers } from './read-consumers.ts'

export interface ConsumersTextOptions {
  /** What a consumers file holds, YAML or JSON: read from the environment or a mounted secret when the service starts. */
  readonly text: string
  /** The scheme they are for, for messages. */
  readonly scheme: string
}

/** Consumers that are known when the service starts and stay as they are. */
export function consumersText({ text, scheme }: ConsumersTextOptions): Resource & ConsumerDirectory {
  let read: ReadConsumers | undefined
  return {
    name: `consumers of ${scheme}`,
    start() {
      const { problems, ...rest } = readConsumers(text)
      if (problems.length > 0) throw new Error(problems.slice(0, 20).join('; '))
      read = { problems, ...rest }
    },
    byDigest: (digest: string): KnownKey | undefined => read?.keys.get(digest),
    passwordsOf: (consumer: string): readonly KnownPassword[] => read?.passwords.get(consumer) ?? [],
    byCertificate: (key: string): KnownKey | undefined => read?.certificates.get(key),
  }
}
