import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/** Chromium or Chrome of this machine: what `CHROME` names, else what is on the PATH. Nothing is downloaded. */
export const browserPath = process.env['CHROME'] ?? onPath(['chromium', 'chromium-browser', 'google-chrome', 'chrome'])

/** Under CI there is one: `.ci/run` installs it. Elsewhere tests that need it are skipped by name. */
export const hasBrowser = process.env['CI'] !== undefined || browserPath !== undefined

/** Without a window, and without calls home. @throws Error where there is no browser */
export function startBrowser(): Promise<Browser> {
  if (browserPath === undefined)
    throw new Error('there is no chromium on the PATH: `apt-get install chromium`, or set CHROME')
  const quiet = ['background-networking', 'component-update', 'sync', 'quic', 'gpu', 'dev-shm-usage'].map(
    (name) => `--disable-${name}`,
  )
  return chromium.launch({
    executablePath: browserPath,
    headless: true,
    chromiumSandbox: false,
    args: ['--no-first-run', ...quiet],
    timeout: 60_000,
  })
}

function onPath(names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path))
}
