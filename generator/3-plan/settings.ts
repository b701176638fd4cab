import { Reference, type SettingPlan } from '../model/service-plan.ts'
import { constantCase } from './names.ts'

const settingText = /^\$\{(env|file):([^}]*?)(?::-([^}]*))?\}$/

/** Collects what the service reads at boot, each once. */
export class SettingsPlan {
  readonly #plans = new Map<string, SettingPlan>()

  /** `${env:NAME}`, `${env:NAME:-default}`, `${file:/path}`: a reference. Other text: itself. */
  read(text: string, about?: string): string | Reference<string> {
    const [, kind, source = '', fallback] = settingText.exec(text) ?? []
    if (kind === undefined) return text
    return kind === 'env'
      ? this.add({ name: source, env: source, file: undefined, default: fallback, about })
      : this.add({ name: constantCase(source), env: undefined, file: source, default: fallback, about })
  }

  add(plan: SettingPlan): Reference<string> {
    if (!this.#plans.has(plan.name)) this.#plans.set(plan.name, plan)
    return new Reference('setting', plan.name)
  }

  get all(): SettingPlan[] {
    return [...this.#plans.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }
}

/** Whether the text has a setting inside other text, which cannot be read at boot. */
export function embedsSetting(text: string): boolean {
  return /\$\{(env|file):/.test(text) && !settingText.test(text)
}
