/** The figures of one document; undefined where the tool does not take it. */
export interface Figures {
  readonly name: string
  readonly inputBytes: number
  readonly operations: number
  readonly generate: { readonly ms: number; readonly cpu: number; readonly peak: number }
  readonly types: { readonly ms: number; readonly cpu: number; readonly peak: number } | undefined
  readonly emittedBytes: number
  readonly bundleBytes: number
  readonly start: { readonly ms: number; readonly cpu: number; readonly resident: number } | undefined
}

/** A Markdown table: compilation beside openapi-typescript alone, and the service that comes of it. */
export function figuresTable(rows: readonly Figures[]): string {
  return [
    '| document | operations | input | generate | openapi-typescript | ratio | CPU ratio | peak memory | emitted | bundle | start (of it CPU) | RSS |',
    '|---|---|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map(figuresRow),
  ].join('\n')
}

export function figuresRow({ generate, types, start, ...row }: Figures): string {
  const cells = [
    row.name,
    row.operations,
    size(row.inputBytes),
    seconds(generate.ms),
    types === undefined ? 'refuses it' : seconds(types.ms),
    types === undefined ? '' : (generate.ms / types.ms).toFixed(1),
    types === undefined ? '' : (generate.cpu / types.cpu).toFixed(1),
    `${Math.round(generate.peak)} MiB${types === undefined ? '' : ` (${Math.round(types.peak)})`}`,
    size(row.emittedBytes),
    size(row.bundleBytes),
    start === undefined ? 'nothing to serve' : `${Math.round(start.ms)} ms (${Math.round(start.cpu)})`,
    start === undefined ? '' : `${Math.round(start.resident)} MiB`,
  ]
  return `| ${cells.join(' | ')} |`
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}

function size(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}
