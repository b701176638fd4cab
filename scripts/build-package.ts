import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'

/**
 * `prepack` of both packages: TypeScript to JavaScript and declarations in `dist/`, with the templates beside them.
 * Runs in the package's folder. The generator's declarations name the runtime by its package, since what stands beside
 * it in the repository does not stand beside it where it is installed.
 */
const folder = process.cwd()
const built = join(folder, '.build')
const dist = join(folder, 'dist')

rmSync(dist, { recursive: true, force: true })
rmSync(built, { recursive: true, force: true })
const tsc = createRequire(join(folder, 'package.json')).resolve('typescript/bin/tsc')
try {
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: folder, stdio: 'inherit' })
  renameSync(join(built, basename(folder)), dist)
} finally {
  rmSync(built, { recursive: true, force: true })
}
copyAssets()
for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
  if (file.endsWith('.d.ts')) nameTheRuntime(join(dist, file))
}
copyFileSync(join(folder, '..', 'LICENSE'), join(folder, 'LICENSE'))

/** What the code reads beside itself: templates and the like. */
function copyAssets(): void {
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (/^(dist|node_modules)\b/.test(file) || !/\.(hbs|json)$/.test(file) || !/[\\/]/.test(file)) continue
    cpSync(join(folder, file), join(dist, file))
  }
}

function nameTheRuntime(file: string): void {
  const text = readFileSync(file, 'utf8')
  const named = text.replace(/(['"])(?:\.\.\/)+runtime\/([^'"]+)\.[tj]s\1/g, (_, quote: string, path: string) => {
    const policy = /^policies\/([^/]+)\/\1$/.exec(path)
    return `${quote}@specgate/runtime/${policy === null ? path : `policies/${policy[1]}`}${quote}`
  })
  if (named !== text) writeFileSync(file, named)
}
