import type { CallPlan, Reference, Value } from '../model/service-plan.ts'
import { Code, code, identifierCode, joinCode } from './code.ts'
import { literal, type Resolver } from './literal.ts'

const runtime = '@specgate/runtime/'

/** A TypeScript file being written: it imports what its expressions name, each once, in a fixed order. */
export class Module implements Resolver {
  /** Import specifier → exported name → local name. */
  readonly #imports = new Map<string, Map<string, string>>()
  readonly #locals = new Set<string>()
  readonly #declared = new Set<string>()
  readonly #toRoot: string

  /**
   * @param folder where the file is, relative to the service: '' or 'operations'
   * @param own names the file itself declares, which imports must give way to
   */
  constructor(folder: string, own: readonly string[] = []) {
    this.#toRoot = folder === '' ? './' : '../'
    for (const name of own) this.#locals.add(name)
  }

  /** Imports `name` and returns how it is called here. */
  use(specifier: string, name: string): Code {
    const names = this.#imports.get(specifier) ?? new Map<string, string>()
    this.#imports.set(specifier, names)
    let local = names.get(name)
    if (local === undefined) {
      local = name
      while (this.#locals.has(local)) local += '_'
      this.#locals.add(local)
      names.set(name, local)
    }
    return identifierCode(local)
  }

  useRuntime(module: string, name: string): Code {
    return this.use(runtime + module, name)
  }

  /** A file of the service itself, e.g. `policies.ts`. */
  useOwn(file: string, name: string): Code {
    return this.use(this.#toRoot + file, name)
  }

  callee(call: CallPlan): Code {
    return this.useRuntime(call.module, call.export)
  }

  reference(reference: Reference): Code {
    const { to, name } = reference
    switch (to) {
      case 'validator':
        return this.useOwn('schemas/validators.js', name)
      case 'setting':
        return code`${this.useOwn('settings.ts', 'settings')}.values.${identifierCode(name)}`
      case 'instance':
        // Inside policies.ts an instance names its neighbour.
        return this.#declared.has(name) ? identifierCode(name) : this.useOwn('policies.ts', name)
      case 'upstream':
        return this.useOwn('upstreams.ts', name)
      case 'hook':
        return code`${this.useOwn('hooks.ts', 'hooks')}.${memberPath(name)}`
      case 'runtime':
        return this.useRuntime(reference.module ?? '', name)
    }
  }

  /** Says that the file itself makes the instance `name`. */
  declare(name: string): void {
    this.#declared.add(name)
    this.#locals.add(name)
  }

  literal(value: Value, indent = '', column = indent.length): Code {
    return literal(value, this, indent, column)
  }

  /** The file's text: imports sorted, packages before own files, then the parts. */
  render(head: readonly Code[], body: readonly Code[]): string {
    const specifiers = [...this.#imports.keys()].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    const imports = specifiers.map((specifier) => {
      const names = [...this.#imports.get(specifier)!].sort(([a], [b]) => (a < b ? -1 : 1))
      const list = names.map(([name, local]) => (name === local ? name : `${name} as ${local}`))
      const flat = `{ ${list.join(', ')} }`
      const text = flat.length + specifier.length > 100 ? `{\n${list.map((item) => `  ${item},\n`).join('')}}` : flat
      return code`import ${Code.trusted(text)} from ${specifier}`
    })
    const sections = [head, imports, ...body.map((part) => [part])].filter((section) => section.length > 0)
    return `${sections.map((section) => joinCode(section).text).join('\n\n')}\n`
  }
}

function rank(specifier: string): number {
  if (!specifier.startsWith('.')) return 0
  return specifier.startsWith('../') ? 1 : 2
}

/** `getOrder.onRequest`. */
function memberPath(name: string): Code {
  return joinCode(name.split('.').map(identifierCode), '.')
}
