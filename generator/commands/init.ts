import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Command } from 'commander'

/** `specgate init`: a first document and the npm script that compiles it. Nothing that exists is changed silently. */
export function initCommand(exit: (code: number) => void): Command {
  return new Command('init')
    .description('start a project here: a first document in specs/ and an npm script that compiles it')
    .action(async () => {
      exit(await init(process.cwd()))
    })
}

async function init(root: string): Promise<number> {
  const created = [
    await createFile(root, 'specs/hello.yaml', firstDocument),
    await createFile(root, '.gitignore', 'node_modules/\ndist/\n.env\n'),
    await addScript(root),
  ]
  console.log(created.join('\n'))
  console.log(
    '\nNext: npm run generate, then UPSTREAM_DEFAULT_URL=http://127.0.0.1:3000 node generated/hello/dist/server.js',
  )
  return 0
}

async function createFile(root: string, path: string, text: string): Promise<string> {
  const target = join(root, path)
  await mkdir(dirname(target), { recursive: true })
  try {
    await writeFile(target, text, { flag: 'wx' })
    return `created ${path}`
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return `kept ${path}`
    throw error
  }
}

/** Adds `"generate": "specgate generate"` to package.json, which is made where there is none. */
async function addScript(root: string): Promise<string> {
  const path = join(root, 'package.json')
  const text = await readFile(path, 'utf8').catch(() => '{ "private": true }')
  const manifest = JSON.parse(text) as { scripts?: Record<string, string> }
  if (manifest.scripts?.['generate'] !== undefined) return 'kept the script "generate" of package.json'
  manifest.scripts = { ...manifest.scripts, generate: 'specgate generate' }
  await writeFile(path, `${JSON.stringify(manifest, null, 2)}\n`)
  return 'added the script "generate" to package.json'
}

const firstDocument = `openapi: 3.1.1
info: { title: Hello, version: 1.0.0 }
servers:
  - url: http://127.0.0.1:3000 # the API behind; UPSTREAM_DEFAULT_URL replaces it
x-proxy:
  rateLimit:
    perMinute: { quota: 100, window: 1m }
paths:
  /hello/{name}:
    get:
      operationId: sayHello
      parameters:
        - { name: name, in: path, required: true, schema: { type: string, minLength: 1, maxLength: 50 } }
      responses:
        "200":
          description: A greeting
          content:
            application/json:
              schema:
                type: object
                required: [greeting]
                properties: { greeting: { type: string } }
`
