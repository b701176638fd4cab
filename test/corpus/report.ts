import { type DocumentResult, type Failure, failuresOf } from './document-result.ts'

const parts = { main: 'Main documents', tricky: 'Tricky documents', large: 'Large documents' } as const

/** `docs/corpus.md` */
export function report(results: readonly DocumentResult[]): string {
  const failures = results.flatMap(failuresOf)
  return [
    '<!-- Written by `npm run test:corpus`; changes made here are lost. -->',
    '# Real documents',
    '',
    'Every document of the corpus is compiled, its output checked by strict `tsc` and bundled, and the service started. Each',
    'operation is sent samples made from the document, which must reach the upstream byte for byte, and mutations that break one',
    'rule each, which must be refused with the right place and never reach it. Samples and mutations are judged by ajv on the',
    'source document, read and normalised apart from the compiler; where neither can be made the operation counts as without',
    'sample. What is refused is compiled once more with `--lenient`, and what is left of it tried. `npm run test:corpus` repeats this.',
    '',
    ...totals(results),
    ...Object.entries(parts).flatMap(([part, title]) => {
      const own = results.filter(({ document }) => document.part === part)
      return own.length === 0 ? [] : [`## ${title}`, '', ...table(own), '']
    }),
    ...refusals(results),
    ...failureList(failures),
    ...samplesMissing(results),
  ].join('\n')
}

const columns = [
  'document',
  'operations',
  'compiled',
  'types',
  'valid',
  'mutations',
  'no sample',
  'emitted',
  'bundle',
] as const

function table(results: readonly DocumentResult[]): string[] {
  return [
    `| ${columns.join(' | ')} |`,
    `| --- |${' ---: |'.repeat(columns.length - 1)}`,
    ...results.map((result) => `| ${row(result).join(' | ')} |`),
  ]
}

function row({ document, compiled, types, tried, broken }: DocumentResult): string[] {
  const name = document.file.replace(/^documents\/(tricky\/)?|^large\//, '')
  if (compiled?.folder === undefined) {
    return [name, String(document.operations), broken === undefined ? 'refused' : 'broke', ...Array<string>(6).fill('')]
  }
  return [
    name,
    String(compiled.operations),
    compiled.leftOut === undefined ? 'yes' : `without ${compiled.leftOut.length}`,
    types.length === 0 ? 'ok' : `${types.length} errors`,
    tried === undefined ? 'broke' : ratio(tried.validPassed, tried.validSent),
    tried === undefined ? '' : ratio(tried.mutationsRefused, tried.mutationsSent),
    tried === undefined || tried.noSample.length === 0 ? '' : String(tried.noSample.length),
    kilobytes(compiled.emittedBytes),
    kilobytes(compiled.bundleBytes),
  ]
}

function ratio(good: number, all: number): string {
  return good === all ? String(all) : `**${good} of ${all}**`
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1024)} KiB`
}

function totals(results: readonly DocumentResult[]): string[] {
  const emitted = results.filter((one) => one.compiled?.folder !== undefined)
  const compiled = emitted.filter((one) => one.compiled?.leftOut === undefined)
  const sum = (of: (one: DocumentResult) => number | undefined): number =>
    results.reduce((total, one) => total + (of(one) ?? 0), 0)
  const refused = results.filter(isRefused)
  const lines: [string, string | number][] = [
    ['documents', results.length],
    ['compiled', compiled.length],
    ['refused for faults of their own', refused.length],
    ['of these, compiled with `--lenient`', emitted.length - compiled.length],
    ['emitted code passes strict tsc', emitted.filter(({ types }) => types.length === 0).length],
    ['services started', results.filter(({ tried }) => tried !== undefined).length],
    ['operations', sum(({ tried }) => tried?.operations)],
    ['operations without a valid sample', sum(({ tried }) => tried?.noSample.length)],
    [
      'valid requests passed unchanged',
      ratio(
        sum(({ tried }) => tried?.validPassed),
        sum(({ tried }) => tried?.validSent),
      ),
    ],
    [
      'mutations refused at the right place',
      ratio(
        sum(({ tried }) => tried?.mutationsRefused),
        sum(({ tried }) => tried?.mutationsSent),
      ),
    ],
    ['took more than 60 s, or 2 GiB', results.filter(isExcessive).length],
  ]
  return ['| total | |', '| --- | ---: |', ...lines.map(([name, value]) => `| ${name} | ${value} |`), '']
}

function isRefused({ compiled }: DocumentResult): boolean {
  return compiled !== undefined && (compiled.folder === undefined || compiled.leftOut !== undefined)
}

function isExcessive(result: DocumentResult): boolean {
  return failuresOf(result).some(({ kind }) => kind === 'slow' || kind === 'memory')
}

/** Documents that are at fault, with what the compiler says of them. */
function refusals(results: readonly DocumentResult[]): string[] {
  const refused = results.filter(isRefused)
  if (refused.length === 0) return []
  return [
    '## Refused',
    '',
    ...refused.flatMap(({ document, compiled }) => {
      const errors = compiled!.findings.filter(({ severity }) => severity === 'error')
      const shown = errors
        .slice(0, 4)
        .map(({ code, message, place }) => `  - \`${code}\` ${plain(message)} (${plain(place)})`)
      const more = errors.length > 4 ? [`  - and ${errors.length - 4} more`] : []
      return [`- ${document.file}`, ...shown, ...more]
    }),
    '',
  ]
}

function failureList(failures: readonly Failure[]): string[] {
  if (failures.length === 0) return []
  const kinds = Map.groupBy(failures, ({ kind }) => kind)
  return [
    '## Failures',
    '',
    ...[...kinds].flatMap(([kind, list]) => [
      `### ${kind}: ${list.length}`,
      '',
      ...list.slice(0, 100).map(({ file, text }) => `- ${file}: ${plain(text)}`),
      ...(list.length > 100 ? [`- and ${list.length - 100} more`] : []),
      '',
    ]),
  ]
}

/** Why there is no sample: counted, so that the reasons can be weighed. */
function samplesMissing(results: readonly DocumentResult[]): string[] {
  const missing = results.flatMap(({ document, tried }) =>
    (tried?.noSample ?? []).map(([operation, reason]) => `${document.file}: ${operation}: ${reason}`),
  )
  if (missing.length === 0) return []
  return ['## Operations without a sample', '', ...missing.map((line) => `- ${plain(line)}`), '']
}

/** Text of documents, as text and nothing else. */
function plain(text: string): string {
  return `\`${text.replace(/\s+/g, ' ').replaceAll('`', "'").slice(0, 500)}\``
}
