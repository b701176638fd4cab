import { readFileSync } from 'node:fs'
import handlebars from 'handlebars'
import { type OperationPlan, Reference, type ServicePlan, type SettingPlan } from '../model/service-plan.ts'

/** The text files that people and tools read beside the TypeScript. Templates hold no logic but `#each` and `#if`. */
export function textFiles(plan: ServicePlan): Map<string, string> {
  return new Map([
    ['README.md', render('readme', readmeView(plan))],
    ['Dockerfile', render('dockerfile', {})],
    ['.env.example', render('env-example', { settings: plan.settings.map(envView) })],
    ['package.json', json(packageManifest(plan))],
    ['tsconfig.json', json(compilerOptions)],
    ['openapi.json', json(plan.publicDocument)],
  ])
}

function render(name: string, view: object): string {
  const source = readFileSync(new URL(`./templates/${name}.hbs`, import.meta.url), 'utf8')
  // Nothing here is HTML; the views have made their values safe for the format at hand.
  return handlebars.compile(source, { noEscape: true, strict: true, preventIndent: true })(view)
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function namesOf({ operations }: ServicePlan, openTo: OperationPlan['openTo']): string {
  return operations
    .filter((operation) => operation.openTo === openTo)
    .map(({ id }) => `\`${code(id)}\``)
    .join(', ')
}

function readmeView(plan: ServicePlan): object {
  return {
    title: markdown(plan.title),
    documentFile: plan.documentFile.replaceAll('`', ''),
    description: plan.description === undefined ? '' : quote(plan.description),
    operations: plan.operations.map((operation) => ({
      id: code(operation.id),
      fileName: operation.fileName,
      method: code(operation.method),
      path: code(operation.request),
      access: markdown(operation.access),
      upstream: markdown(operation.upstream.name.replace(/Upstream$/, '')),
      policies: operation.policies
        .map(({ policy, value }) => (value instanceof Reference ? `${policy} (${value.name})` : policy))
        .map(markdown)
        .join(', '),
    })),
    open: namesOf(plan, 'anybody'),
    unverified: namesOf(plan, 'unverified'),
    narrowed: plan.narrowed.map(markdown),
    settings: plan.settings.map((setting) => ({
      source: code(setting.env ?? setting.file ?? setting.name),
      default:
        setting.default === undefined
          ? '**must be set**'
          : setting.default === ''
            ? ''
            : `\`${code(setting.default)}\``,
      about: markdown(setting.about ?? ''),
    })),
  }
}

/** Text inside a table cell or a heading: nothing in it can start markup, a new cell or a new line. */
function markdown(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>|#]/g, '\\$&')
}

/** Text between backticks in a table cell. */
function code(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('`', "'").replaceAll('|', '\\|')
}

/** The author's own Markdown, shown as a quotation so that its headings stay inside. */
function quote(text: string): string {
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')
}

function envView(setting: SettingPlan): object {
  const about = (setting.about ?? setting.name).replace(/\s+/g, ' ')
  if (setting.env === undefined) return { about, line: `# read from the file ${setting.file ?? ''}` }
  const required = setting.default === undefined
  return { about, line: `${required ? '' : '# '}${setting.env}=${setting.default ?? ''}` }
}

function packageManifest(plan: ServicePlan): object {
  return {
    name:
      plan.name
        .toLowerCase()
        .replace(/[^a-z0-9._-]+/g, '-')
        .replace(/^[._-]+/, '') || 'service',
    private: true,
    scripts: { start: 'node dist/server.js', check: 'tsc -p .' },
    dependencies: { '@specgate/runtime': '0.x' },
    devDependencies: { '@types/node': '>=24', typescript: '5.x' },
  }
}

const compilerOptions = {
  compilerOptions: {
    target: 'es2024',
    lib: ['es2024', 'esnext.iterator', 'esnext.collection'],
    module: 'preserve',
    moduleResolution: 'bundler',
    customConditions: ['@specgate/source'],
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noImplicitOverride: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    isolatedModules: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ['*.ts', 'operations', 'schemas'],
}
