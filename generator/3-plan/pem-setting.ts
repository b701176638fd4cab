import type { Reference } from '../model/service-plan.ts'
import type { SettingsPlan } from './settings.ts'

export interface PemSetting {
  /** The variable that names another file when the service starts. */
  readonly variable: string
  readonly about: string
}

/**
 * A PEM file: a path relative to the document or a `${file:…}` is the default of a variable, so that a deployment can say where it
 * is; a `${env:…}` is a variable already. The service is told the path, not the text: it reads the file again when it changes.
 * @param file makes a path relative to the service's folder
 */
export function pemSetting(
  written: string,
  { variable, about }: PemSetting,
  settings: SettingsPlan,
  file: (path: string) => string,
): Reference<string> {
  const add = (path: string): Reference<string> =>
    settings.add({ name: variable, env: variable, file: undefined, default: path, about: `${about} (a PEM file)` })
  const [, secret] = /^\$\{file:([^}]*?)(?::-[^}]*)?\}$/.exec(written) ?? []
  if (secret !== undefined) return add(secret)
  const setting = settings.read(written, `${about} (a PEM file)`)
  return typeof setting === 'string' ? add(file(setting)) : setting
}
