import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Names of the policies: the folders of the generator's half. */
export function policyNames(root: string): string[] {
  return readdirSync(join(root, 'generator', 'policies'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

/** What a policy lacks of its three folders and its line in the list; empty where it is whole. */
export function missingParts(root: string, name: string): string[] {
  const missing = [
    `generator/policies/${name}/policy.ts`,
    `generator/policies/${name}/policy.test.ts`,
    `generator/policies/${name}/README.md`,
    `runtime/policies/${name}/${name}.ts`,
    `runtime/policies/${name}/${name}.test.ts`,
  ].filter((file) => !existsSync(join(root, file)))
  const cases = join(root, 'test', 'cases', name)
  if (!existsSync(cases) || !readdirSync(cases).some((file) => file.endsWith('.yaml'))) {
    missing.push(`test/cases/${name}/*.yaml`)
  }
  const list = join(root, 'generator', 'policies', 'index.ts')
  if (!existsSync(list) || !readFileSync(list, 'utf8').includes(`'./${name}/policy.ts'`)) {
    missing.push(`a line in generator/policies/index.ts`)
  }
  return missing
}
