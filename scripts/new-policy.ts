import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { addToList } from './new-policy/add-to-list.ts'
import { policyNames, skeleton } from './new-policy/skeleton.ts'

/**
 * `npm run new-policy -- my-policy [--after rate-limit]`: the three folders of a policy with a working skeleton, and its
 * line in the list of policies. Works on the repository it is started in.
 */
const usage = 'Usage: npm run new-policy -- my-policy [--after rate-limit]'
const root = process.cwd()
const [name, option, place = 'rate-limit'] = process.argv.slice(2)
const kebab = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

if (name === undefined || !kebab.test(name) || (option !== undefined && (option !== '--after' || !kebab.test(place)))) {
  console.error(usage)
  process.exit(2)
}
if (existsSync(join(root, 'generator', 'policies', name))) {
  console.error(`There is a policy ${name} already.`)
  process.exit(1)
}

const names = policyNames(name)
const list = join(root, 'generator', 'policies', 'index.ts')
const longer = addToList(readFileSync(list, 'utf8'), names, policyNames(place))
const files = skeleton(names)
for (const [file, text] of Object.entries(files)) {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}
writeFileSync(list, longer)
tidy([list, ...Object.keys(files).filter((file) => file.endsWith('.ts'))])

console.log(`${Object.keys(files).join('\n')}
generator/policies/index.ts: after ${place}

Try it: npx vitest run ${name}
        CASES=${name} npx vitest run test/cases.test.ts
Then:   npm run docs`)

/** Sorted imports, the house's line width. */
function tidy(paths: readonly string[]): void {
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome')
  execFileSync(process.execPath, [biome, 'check', '--write', ...paths], { cwd: root, stdio: 'ignore' })
}
