import type { Score } from './table.ts'

const [labels, bars, values, row, bar] = [470, 380, 60, 26, 16] as const
const margin = 12

/** A bar per contestant, as long as its CPU time; the line is where the reference ends. The same scores give the same text. */
export function chart(title: string, scores: readonly Score[]): string {
  const reference = scores[0]!.cpu
  const longest = Math.max(...scores.map(({ cpu }) => cpu / reference))
  const scale = (ratio: number): number => Math.round((ratio / longest) * bars * 10) / 10
  const height = scores.length * row + 44
  const line = margin + labels + scale(1)
  const rows = scores.map(({ name, cpu }, index) => {
    const ratio = cpu / reference
    const top = 34 + index * row
    const kind = index === 0 ? 'reference' : name.startsWith('specgate') ? 'own' : 'peer'
    return `  <text class="label" x="${margin + labels - 8}" y="${top + 13}">${escaped(name)}</text>
  <rect class="${kind}" x="${margin + labels}" y="${top}" width="${scale(ratio)}" height="${bar}" rx="2"/>
  <text x="${margin + labels + scale(ratio) + 6}" y="${top + 13}">${ratio.toFixed(2)}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${2 * margin + labels + bars + values}" height="${height}" role="img" aria-label="${escaped(title)}">
  <style>
    text { font: 13px system-ui, sans-serif; fill: #24292f } .label { text-anchor: end } .title { font-weight: 600 }
    .reference { fill: #8c959f } .own { fill: #0969da } .peer { fill: #d4a72c } line { stroke: #57606a; stroke-dasharray: 3 3 }
    rect.page { fill: #fff }
  </style>
  <rect class="page" width="100%" height="100%"/>
  <text class="title" x="${margin}" y="20">${escaped(title)}: CPU per request, reference = 1</text>
${rows.join('\n')}
  <line x1="${line}" x2="${line}" y1="28" y2="${height - 8}"/>
</svg>
`
}

function escaped(text: string): string {
  return text.replaceAll('`', '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
