import type { Rule } from './rule.ts'
import { componentNames } from './rules/component-names.ts'
import { discriminators } from './rules/discriminators.ts'
import { exclusiveFields } from './rules/exclusive-fields.ts'
import { hasContent } from './rules/has-content.ts'
import { itemSchemas } from './rules/item-schemas.ts'
import { methods } from './rules/methods.ts'
import { parameterContent } from './rules/parameter-content.ts'
import { parameterNames } from './rules/parameter-names.ts'
import { parameterRequired } from './rules/parameter-required.ts'
import { parameterStyle } from './rules/parameter-style.ts'
import { pathConflicts } from './rules/path-conflicts.ts'
import { pathParameters } from './rules/path-parameters.ts'
import { pathTemplates } from './rules/path-templates.ts'
import { querystring } from './rules/querystring.ts'
import { requestBodies } from './rules/request-bodies.ts'
import { reservedHeaders } from './rules/reserved-headers.ts'
import { responses } from './rules/responses.ts'
import { schemaCycles } from './rules/schema-cycles.ts'
import { schemaItems } from './rules/schema-items.ts'
import { schemaLists } from './rules/schema-lists.ts'
import { schemaPatterns } from './rules/schema-patterns.ts'
import { schemaRequired } from './rules/schema-required.ts'
import { securityRequirements } from './rules/security-requirements.ts'
import { securitySchemes } from './rules/security-schemes.ts'
import { servers } from './rules/servers.ts'
import { uniqueOperationIds } from './rules/unique-operation-ids.ts'
import { uniqueParameters } from './rules/unique-parameters.ts'

/** Every rule of meaning, in the order their findings are listed. What is merely of the wrong type, `structure/` says. */
export const rules: readonly Rule[] = [
  hasContent,
  servers,
  pathTemplates,
  pathConflicts,
  pathParameters,
  methods,
  uniqueOperationIds,
  uniqueParameters,
  parameterNames,
  parameterRequired,
  parameterStyle,
  parameterContent,
  querystring,
  reservedHeaders,
  requestBodies,
  itemSchemas,
  responses,
  securityRequirements,
  securitySchemes,
  componentNames,
  exclusiveFields,
  schemaPatterns,
  schemaItems,
  schemaLists,
  schemaRequired,
  schemaCycles,
  discriminators,
]
