import { main } from '../generator/cli.ts'

/** `npm run generate -- [documents…] [--out DIR] [--check] [--watch] [--json]`: the command `specgate generate`. */
process.exitCode = await main(['generate', ...process.argv.slice(2)])
