import { isObject } from '../model/json.ts'
import { componentCircles } from './validators-walk.ts'

/** Emitted functions that would call themselves on the same value again and again, by their prepared schemas. */
export function circularFunctions(prepared: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const calls = [...prepared].map(([name, schema]) => {
    const same = calledOn(schema).map((called) => ({ name: called, kind: 'union' }) as const)
    return [name, { same }] as const
  })
  return new Set(componentCircles(new Map(calls)).keys())
}

/** Functions that judge the very value this schema judges. */
function calledOn(schema: unknown): string[] {
  if (!isObject(schema)) return []
  const own = typeof schema['$ref'] === 'string' ? [schema['$ref']] : []
  const lists = ['allOf', 'anyOf', 'oneOf', 'variants'].map((key) => schema[key])
  const parts = [...lists.flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []))]
  const conditions = ['not', 'if', 'then', 'else'].map((key) => schema[key])
  const dependent = isObject(schema['dependentSchemas']) ? Object.values(schema['dependentSchemas']) : []
  return [...own, ...[...parts, ...conditions, ...dependent].flatMap(calledOn)]
}

/**
 * Ends a circle where it would begin again: whoever is all of itself has nothing to add; whoever may be itself, or something
 * else, must be something else. The value is the same where its place is.
 */
export function guarded(name: string, code: string): string {
  const start = code.indexOf('{') + 1
  const end = code.lastIndexOf('}')
  const refusal = '[{instancePath,schemaPath:"#",keyword:"false schema",params:{}}]'
  return `function ${name}(data, instancePath="", again=false){
if(${name}.at === instancePath){ ${name}.errors = again ? null : ${refusal}; return again; }
const outer = ${name}.at;
${name}.at = instancePath;
try {${code.slice(start, end)}} finally { ${name}.at = outer; }
}${code.slice(end + 1)}`
}
