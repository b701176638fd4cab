import { isObject, member } from '../../model/json.ts'
import type { Places } from '../../model/spec-node.ts'
import type { Reporter } from '../../report/reporter.ts'
import { dialectOf } from '../link/dialect.ts'
import type { Files, LoadedFile } from '../link/files.ts'
import { Linker } from '../link/linker.ts'
import { refOf, type Spot, type Target } from '../link/spot.ts'
import { put } from '../put.ts'
import { swaggerConversion, swaggerConversionOf, swaggerDocument, swaggerSections } from '../swagger/swagger.ts'
import type { SpecVersion } from '../version.ts'
import { Components, type Entry } from './components.ts'
import { Converter } from './converter.ts'
import { type Section, sections } from './kinds.ts'
import { reportCycles } from './report-cycles.ts'

/** Where the author's own components stand. */
interface Holder {
  readonly section: Section
  readonly target: Target
}

/** A document of any version, with what it refers to, as one object in the normal form. */
export function normalise(
  loaded: LoadedFile,
  version: SpecVersion,
  files: Files,
  places: Places,
  reporter: Reporter,
): Record<string, unknown> {
  const linker = new Linker(files, places, version)
  const components = new Components(linker, places)
  const root = linker.root(loaded)
  const old = version === '2.0'
  const converter = new Converter(linker, components, places, reporter, (made) =>
    // A file that is no document of its own (a path item) takes the defaults of the root.
    swaggerConversion(made, (spot) => (member(spot.scope.file.value, 'swagger') === undefined ? root : rootOf(spot))),
  )
  const written = structural(converter, linker.step(root, 'components'))
  const holders = [...holdersOf(converter, old ? root : written, old)]
  components.adopt(entriesOf(converter, root, holders, old))
  const out = old ? swaggerDocument(converter, root) : document(converter, root)
  components.drain()
  const made = assemble(converter, written, holders)
  if (made !== undefined) put(out, 'components', made)
  reportCycles(components, places, reporter)
  const first = converter.inliner.misplaced[0]
  if (first !== undefined) reporter.report('ref-not-allowed', first, { count: converter.inliner.misplaced.length })
  return out
}

/** `components`: what the author wrote there, and what was hoisted. Undefined where there is neither. */
function assemble(converter: Converter, written: Target, holders: readonly Holder[]): unknown {
  const made: Record<string, unknown> = {}
  for (const { section, target } of holders) {
    const entries = converter.components.section(section)
    const isSection = isObject(target.value) || Object.keys(entries).length > 0
    converter.move(made, section, isSection ? entries : target.value, target.place)
  }
  for (const key of isObject(written.value) ? Object.keys(written.value) : []) {
    const isDone = Object.hasOwn(made, key) || Object.hasOwn(sections, key) || key === '$ref'
    if (!isDone) converter.member(written, key, 'any', made)
  }
  for (const [section, entries] of converter.components.sections) {
    if (Object.keys(entries).length > 0 && !Object.hasOwn(made, section)) put(made, section, entries)
  }
  if (isObject(written.value)) converter.places.set(made, written.place)
  else if (Object.keys(made).length === 0) return written.value
  return made
}

function document(converter: Converter, root: Spot): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  const value = root.value as Record<string, unknown>
  for (const key of Object.keys(value)) {
    if (key === 'paths') converter.member(root, key, 'paths', out)
    else if (key === 'security') converter.member(root, key, { list: 'securityRequirement' }, out)
    else if (key === 'webhooks') converter.member(root, key, { map: 'pathItemHere' }, out)
    else if (key !== 'components' && key !== '$self') converter.member(root, key, 'any', out)
  }
  const dialect = value['jsonSchemaDialect']
  if (typeof dialect === 'string' && dialectOf(dialect) === undefined)
    converter.reporter.report('schema-dialect', converter.linker.child(root, 'jsonSchemaDialect').place, { dialect })
  const { version } = root.scope.file
  out['openapi'] = version === '3.2' ? '3.2.0' : '3.1.1'
  return out
}

function rootOf(spot: Spot): Spot {
  const { file } = spot.scope
  return { value: file.value, place: { file: file.name, pointer: '' }, scope: spot.scope }
}

/** `components: { $ref: … }` is not OpenAPI, but people split documents that way. */
function structural(converter: Converter, target: Target): Target {
  const ref = refOf(target.value)
  if (ref === undefined) return target
  const { place } = converter.linker.child(target, '$ref')
  const end = converter.linker.resolveChain(ref, target, () => true)
  if ('failed' in end) {
    converter.reportFailure(end, place)
    return { ...target, value: undefined }
  }
  converter.inliner.misplaced.push(place)
  return end
}

function* holdersOf(converter: Converter, parent: Target, old: boolean): Generator<Holder> {
  for (const section of Object.keys(sections) as Section[]) {
    const key = old ? (swaggerSections as Partial<Record<Section, readonly string[]>>)[section]?.[0] : section
    if (key === undefined || !isObject(parent.value) || !Object.hasOwn(parent.value, key)) continue
    const target = structural(converter, converter.linker.step(parent, key))
    if (target.value !== undefined) yield { section, target }
  }
}

function entriesOf(converter: Converter, root: Spot, holders: readonly Holder[], old: boolean): Entry[] {
  return holders.flatMap(({ section, target: holder }) =>
    Object.keys(isObject(holder.value) ? holder.value : {}).flatMap((name) => {
      const target = converter.linker.step(holder, name)
      const conversion = old
        ? swaggerConversionOf(converter, root, section, target)
        : converter.conversion(sections[section])
      return conversion === undefined ? [] : [{ name, target, conversion }]
    }),
  )
}
