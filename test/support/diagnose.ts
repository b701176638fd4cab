import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readDocument } from '../../generator/1-read/read.ts'
import { checkDocument } from '../../generator/2-check/check.ts'
import { planService } from '../../generator/3-plan/plan.ts'
import type { Diagnostic } from '../../generator/model/diagnostic.ts'
import { policies } from '../../generator/policies/index.ts'
import { Reporter } from '../../generator/report/reporter.ts'
import { locate } from '../../generator/report/source-map.ts'
import type { Sources } from '../../generator/report/sources.ts'
import type { Reject } from './reject.ts'
import { tempFolder } from './temp-folder.ts'

export interface Finding {
  readonly code: string
  readonly severity: Diagnostic['severity']
  /** With its help. */
  readonly message: string
  readonly file: string
  readonly line: number | undefined
  readonly column: number | undefined
}

/** What the compiler says of a document, up to the plan: what is emitted cannot be at fault any more. */
export async function diagnose({ document, overlay, files = {} }: Reject): Promise<Finding[]> {
  const folder = tempFolder('rejects', 'elsewhere')
  try {
    const write = (name: string, text: string): void => {
      const path = join(folder.path, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
    }
    write('spec.yaml', document)
    if (overlay !== undefined) write('spec.overlay.yaml', overlay)
    for (const [name, text] of Object.entries(files)) write(name, text)
    return await diagnoseFile('spec.yaml', folder.path, overlay === undefined ? [] : ['spec.overlay.yaml'])
  } finally {
    folder.remove()
  }
}

export async function diagnoseFile(file: string, root: string, overlays: readonly string[] = []): Promise<Finding[]> {
  const reporter = new Reporter()
  const read = await readDocument(file, { root, overlays: overlays.map((name) => join(root, name)) }, reporter)
  if (read !== undefined) {
    checkDocument(read.tree, reporter, { policies, version: read.version })
    if (!reporter.hasErrors) {
      const place = { documentFile: file, documentPath: join(root, file), serviceFolder: join(root, 'generated/spec') }
      planService({ tree: read.tree, ...place, name: 'spec', policies, reporter })
    }
  }
  return located(reporter.diagnostics, read?.sources)
}

function located(diagnostics: readonly Diagnostic[], sources: Sources | undefined): Finding[] {
  const positions =
    sources === undefined
      ? []
      : locate(
          diagnostics.map(({ place }) => place),
          sources,
        )
  return diagnostics.map(({ code, severity, message, help, place }, index) => ({
    code,
    severity,
    message: [message, help].filter(Boolean).join(' '),
    file: place.file,
    line: positions[index]?.line ?? place.line,
    column: positions[index]?.column ?? place.column,
  }))
}
