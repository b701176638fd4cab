import { isObject, member } from '../../model/json.ts'
import type { Places } from '../../model/spec-node.ts'
import type { Reporter } from '../../report/reporter.ts'
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
  const written = structural(linker, linker.step(root, 'components'))
  const holders = [...holdersOf(linker, old ? root : written, old)]
  components.adopt(entriesOf(converter, root, holders, old))
  const out = old ? swaggerDocument(converter, root) : document(converter, root)
  components.drain()
  const made: Record<string, unknown> = {}
  for (const { section, target } of holders) {
    converter.move(made, section, components.section(section), target.place)
  }
  for (const key of isObject(written.value) ? Object.keys(written.value) : []) {
    if (!Object.hasOwn(made, key) && key !== '$ref') converter.member(written, key, 'any', made)
  }
  for (const [section, holder] of components.sections) if (Object.keys(holder).length > 0) put(made, section, holder)
  if (isObject(written.value) || written.value === undefined) {
    if (Object.keys(made).length > 0 || isObject(written.value)) put(out, 'components', made)
    if (written.value !== undefined) places.set(made, written.place)
  } else put(out, 'components', written.value)
  reportCycles(components, places, reporter)
  const first = converter.misplaced[0]
  if (first !== undefined) reporter.report('ref-not-allowed', first, { count: converter.misplaced.length })
  return out
}

function document(converter: Converter, root: Spot): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  const value = root.value as Record<string, unknown>
  for (const key of Object.keys(value)) {
    if (key === 'paths') converter.member(root, key, 'paths', out)
    else if (key === 'webhooks') converter.member(root, key, { map: 'pathItemHere' }, out)
    else if (key !== 'components' && key !== '$self') converter.member(root, key, 'any', out)
  }
  const { version } = root.scope.file
  out['openapi'] = version === '3.2' ? '3.2.0' : '3.1.1'
  return out
}

function rootOf(spot: Spot): Spot {
  const { file } = spot.scope
  return { value: file.value, place: { file: file.name, pointer: '' }, scope: spot.scope }
}

/** `components: { $ref: … }` is not OpenAPI, but people split documents that way. */
function structural(linker: Linker, target: Target): Target {
  const ref = refOf(target.value)
  if (ref === undefined) return target
  const end = linker.resolveChain(ref, target, () => true)
  return 'failed' in end ? target : end
}

function* holdersOf(linker: Linker, parent: Target, old: boolean): Generator<Holder> {
  for (const section of Object.keys(sections) as Section[]) {
    const key = old ? (swaggerSections as Partial<Record<Section, readonly string[]>>)[section]?.[0] : section
    if (key === undefined || !isObject(parent.value) || !Object.hasOwn(parent.value, key)) continue
    const target = structural(linker, linker.step(parent, key))
    if (isObject(target.value)) yield { section, target }
  }
}

function entriesOf(converter: Converter, root: Spot, holders: readonly Holder[], old: boolean): Entry[] {
  return holders.flatMap(({ section, target: holder }) =>
    Object.keys(holder.value as object).flatMap((name) => {
      const target = converter.linker.step(holder, name)
      const conversion = old
        ? swaggerConversionOf(converter, root, section, target)
        : converter.conversion(sections[section])
      return conversion === undefined ? [] : [{ name, target, conversion }]
    }),
  )
}
