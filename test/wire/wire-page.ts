import type { ProbeResult } from './probe.ts'
import type { CaseResult } from './raw-cases.ts'

const groups: Readonly<Record<string, string>> = {
  framing: 'where a message ends: lengths and codings that two servers could read differently',
  chunk: 'chunked bodies, both ways',
  syntax: 'request lines, fields and bytes between them',
}

/** docs/wire.md: what outside suites found. */
export function wirePage(cases: readonly CaseResult[], probe: ProbeResult | undefined): string {
  return [
    '# On the wire',
    '',
    'Written by `npm run test:wire`. Cases from outside this repository, over raw sockets: they play the client and the',
    'upstream of an emitted service, and judge both sides with strict parsers.',
    'What the server refuses beyond the letter of the RFCs, and why: [decision](decisions/what-the-server-refuses.md).',
    'How it compares with two trusted servers: [beside nginx and HAProxy](decisions/beside-nginx-and-haproxy.md).',
    '',
    '## Raw-socket cases',
    '',
    '| group | must | should | |',
    '|---|---|---|---|',
    ...[...Map.groupBy(cases, ({ id }) => id.split('/')[0]!)].map(
      ([group, all]) => `| ${group} | ${score(all, 'must')} | ${score(all, 'should')} | ${groups[group] ?? ''} |`,
    ),
    `| all | ${score(cases, 'must')} | ${score(cases, 'should')} | |`,
    '',
    ...(probe === undefined ? [] : probePart(probe)),
    '## Every case',
    '',
    '| case | level | | wanted | answered |',
    '|---|---|---|---|---|',
    ...cases.map(
      ({ id, level, pass, want, ref, status }) =>
        `| \`${id}\` | ${level} | ${pass ? 'passed' : '**failed**'} | ${cell(want)} (${cell(ref)}) | ${status || 'nothing'} |`,
    ),
    '',
  ].join('\n')
}

function probePart({ scored, must, open }: ProbeResult): string[] {
  const line = (name: string, of: Readonly<Record<string, number>>): string =>
    `| ${name} | ${of['Pass'] ?? 0} | ${of['Warn'] ?? 0} | ${of['Fail'] ?? 0} |`
  return [
    '## Http11Probe',
    '',
    '| | passed | warned | failed |',
    '|---|---|---|---|',
    line('scored tests', scored),
    line('of these, demanded by an RFC', must),
    '',
    'Not passed:',
    '',
    ...open.map(
      ({ id, verdict, expected, status, rfc }) =>
        `- \`${id}\`: ${verdict.toLowerCase()}; wants ${cell(expected)}, got ${status} (${rfc || 'no RFC'})`,
    ),
    '',
  ]
}

function score(cases: readonly CaseResult[], level: CaseResult['level']): string {
  const all = cases.filter((one) => one.level === level)
  return `${all.filter(({ pass }) => pass).length} of ${all.length}`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}
