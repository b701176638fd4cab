import { fileURLToPath } from 'node:url'

/** The repository's folder, with a trailing slash. */
export const repository = fileURLToPath(new URL('../../', import.meta.url))

/** What Node needs to load this repository's TypeScript sources as packages. */
export const sourceCondition = '--conditions=@specgate/source'
