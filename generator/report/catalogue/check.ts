import { documentDiagnostics } from './check/document.ts'
import { parameterDiagnostics } from './check/parameter.ts'
import { pathDiagnostics } from './check/path.ts'
import { proxyDiagnostics } from './check/proxy.ts'
import { schemaDiagnostics } from './check/schema.ts'
import { structureDiagnostics } from './check/structure.ts'

/** Found while the document is checked (2-check). An error: the document cannot be compiled exactly. */
export const checkDiagnostics = {
  ...structureDiagnostics,
  ...documentDiagnostics,
  ...pathDiagnostics,
  ...parameterDiagnostics,
  ...schemaDiagnostics,
  ...proxyDiagnostics,
} as const
