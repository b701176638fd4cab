import { readFileSync } from 'node:fs'

/** One value read at boot: from the environment or from a file (`${env:NAME}`, `${file:/run/secrets/x}`). */
export interface SettingSource {
  readonly env?: string
  readonly file?: string
  readonly default?: string
  /** What the value is for; printed when it is missing. */
  readonly about?: string
}

export interface Settings<Names extends string> {
  readonly values: Readonly<Record<Names, string>>
  /** One sentence per setting that could not be read; `serve` prints them all and does not start. */
  readonly problems: readonly string[]
}

/**
 * Reads every setting of the service, and notes every one that is missing instead of stopping at the first.
 * A missing value reads as '' until `serve` refuses to start.
 */
export function readSettings<const Sources extends Readonly<Record<string, SettingSource>>>(
  sources: Sources,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Settings<keyof Sources & string> {
  const values: Record<string, string> = {}
  const problems: string[] = []
  for (const [name, source] of Object.entries(sources)) {
    const value = readSetting(source, env, problems)
    values[name] = value ?? ''
  }
  return { values: values as Record<keyof Sources & string, string>, problems }
}

function readSetting(
  source: SettingSource,
  env: Readonly<Record<string, string | undefined>>,
  problems: string[],
): string | undefined {
  const about = source.about === undefined ? '' : ` (${source.about})`
  if (source.file !== undefined) {
    try {
      return readFileSync(source.file, 'utf8').replace(/\r?\n$/, '')
    } catch (error) {
      if (source.default !== undefined) return source.default
      problems.push(`cannot read ${source.file}${about}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`)
      return undefined
    }
  }
  const value = source.env === undefined ? undefined : env[source.env]
  if (value !== undefined && value !== '') return value
  if (source.default !== undefined) return source.default
  problems.push(`${source.env} is not set${about}`)
  return undefined
}
