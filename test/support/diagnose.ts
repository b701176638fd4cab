import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inspect } from '../../generator/index.ts'
import type { Diagnostic } from '../../generator/model/diagnostic.ts'
import { locate } from '../../generator/report/source-map.ts'
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
export async function diagnose({ document, overlay, files = {}, strict = false }: Reject): Promise<Finding[]> {
  const folder = tempFolder('rejects', 'elsewhere')
  try {
    const texts = {
      ...files,
      'spec.yaml': document,
      ...(overlay === undefined ? {} : { 'spec.overlay.yaml': overlay }),
    }
    for (const [name, text] of Object.entries(texts)) {
      const path = join(folder.path, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
    }
    return await diagnoseFile('spec.yaml', folder.path, strict)
  } finally {
    folder.remove()
  }
}

/** @param document relative to `root` */
export async function diagnoseFile(document: string, root: string, strict = false): Promise<Finding[]> {
  const { diagnostics, sources } = await inspect({ document, root, out: 'generated', strict })
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
