import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Import, importsOf, isBarrel, sourceFiles } from './support/imports.ts'
import { missingParts, policyNames } from './support/policy-folders.ts'
import { repository } from './support/repository.ts'

const isTest = (file: string): boolean => /\.test(-support)?\.ts$|\/testing\//.test(file)
const product = [...sourceFiles('generator'), ...sourceFiles('runtime')]
const generated = existsSync(join(repository, 'generated')) ? sourceFiles('generated') : []
const workshop = [...sourceFiles('scripts'), ...sourceFiles('test')]
const imports = [...product, ...generated, ...sourceFiles('scripts')].filter((file) => !isTest(file)).flatMap(importsOf)

/** Imports that break a rule, as `file:line imports target`. */
function offences(from: RegExp, allowed: (found: Import, match: RegExpExecArray) => boolean): string[] {
  return imports.flatMap((found) => {
    const match = from.exec(found.file)
    if (match === null || allowed(found, match)) return []
    return [`${found.file}:${found.line} imports ${found.typeOnly ? 'the types of ' : ''}${found.target}`]
  })
}

const isPackage = (target: string): boolean => !/^(generator|runtime|scripts|test|generated)\//.test(target)
const startsWith = (target: string, ...prefixes: string[]): boolean =>
  prefixes.some((prefix) => target.startsWith(prefix))

describe('who may import whom', () => {
  test('generator/model meets everybody and imports nothing but types of the runtime', () => {
    const found = offences(
      /^generator\/model\//,
      ({ target, typeOnly }) => startsWith(target, 'generator/model/') || (typeOnly && startsWith(target, 'runtime/')),
    )
    expect(found).toEqual([])
  })

  test('generator/report knows the model only', () => {
    const found = offences(
      /^generator\/report\//,
      ({ target }) => isPackage(target) || startsWith(target, 'generator/model/', 'generator/report/'),
    )
    expect(found).toEqual([])
  })

  test('phases never import each other', () => {
    const found = offences(
      /^generator\/([1-9]-[a-z]+)\//,
      ({ target, typeOnly }, match) =>
        isPackage(target) ||
        (typeOnly && startsWith(target, 'runtime/')) ||
        startsWith(target, `generator/${match[1]}/`, 'generator/model/', 'generator/report/', 'generator/policies/'),
    )
    expect(found).toEqual([])
  })

  test('a policy knows itself, the model and the types of the runtime', () => {
    const found = offences(/^generator\/policies\/([^/]+)\//, ({ target, typeOnly }, match) => {
      if (startsWith(target, 'runtime/')) return typeOnly
      return (
        isPackage(target) ||
        startsWith(
          target,
          `generator/policies/${match[1]}/`,
          'generator/model/',
          'generator/report/',
          'generator/xml/',
        ) ||
        /^generator\/policies\/[^/]+\.ts$/.test(target)
      )
    })
    expect(found).toEqual([])
  })

  test('the runtime never imports the generator', () => {
    expect(offences(/^runtime\//, ({ target }) => !startsWith(target, 'generator/', 'scripts/', 'test/'))).toEqual([])
  })

  test('runtime/core imports Node and itself', () => {
    expect(offences(/^runtime\/core\//, ({ target }) => startsWith(target, 'node:', 'runtime/core/'))).toEqual([])
  })

  test('a policy of the runtime never imports another', () => {
    const found = offences(
      /^runtime\/policies\/([^/]+)\//,
      ({ target }, match) => !startsWith(target, 'runtime/policies/') || target.split('/')[2] === match[1],
    )
    expect(found).toEqual([])
  })

  test('only runtime/upstream knows undici', () => {
    expect(offences(/^runtime\/(?!upstream\/)/, ({ target }) => target !== 'undici')).toEqual([])
  })

  test('what is emitted imports the runtime and itself', () => {
    const found = offences(
      /^generated\/([^/]+)\//,
      ({ target }, match) =>
        startsWith(target, '@specgate/runtime/', `generated/${match[1]}/`) || target === 'node:util',
    )
    expect(found).toEqual([])
  })

  test('scripts use the compiler by its door', () => {
    // The reference pages are derived from the vocabulary, the policies and the catalogue.
    const doors = [
      'generator/index.ts',
      'generator/cli.ts',
      'generator/policies/index.ts',
      'generator/policies/units.ts',
    ]
    const lists = ['generator/report/catalogue.ts', 'generator/model/vocabulary.ts', 'generator/model/json.ts']
    const found = offences(
      /^scripts\//,
      ({ target, typeOnly }) =>
        !startsWith(target, 'generator/', 'runtime/') || [...doors, ...lists].includes(target) || typeOnly,
    )
    expect(found).toEqual([])
  })
})

describe('one library, one file that knows it', () => {
  const libraries = [
    '@apidevtools/swagger-parser',
    'openapi-typescript',
    'handlebars',
    'esbuild',
    'pino',
    'prom-client',
  ]
  test.each(libraries)('%s', (library) => {
    const users = new Set(
      imports
        .filter(
          ({ file, target, typeOnly }) =>
            !typeOnly &&
            !file.startsWith('scripts/') &&
            target.split('/')[0] === library.split('/')[0] &&
            target.startsWith(library),
        )
        .map(({ file }) => file),
    )
    expect([...users].length, [...users].join(', ')).toBeLessThanOrEqual(1)
  })
})

describe('every policy is whole', () => {
  test.each(policyNames(repository))('%s', (name) => {
    expect(missingParts(repository, name)).toEqual([])
  })

  test('no half stands alone', () => {
    const halves = ['runtime/policies', 'test/cases'].flatMap((folder) =>
      readdirSync(join(repository, folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name),
    )
    const whole = new Set([...policyNames(repository), ...casesOfNoPolicy])
    expect(halves.filter((name) => !whole.has(name))).toEqual([])
  })
})

/** Cases about the house itself rather than one policy. */
const casesOfNoPolicy = ['server', 'upstream', 'routing', 'documents']

/** One table, one machine: cut in two, neither half could be understood alone. */
const wholeInOnePiece = [
  'generator/2-check/structure/grammar.ts',
  'generator/4-emit/validators-keywords.ts',
  'runtime/xml/scanner.ts',
]

describe('files', () => {
  test('no barrels', () => {
    expect([...product, ...workshop].filter(isBarrel)).toEqual([])
  })

  test('have one reason to exist: about 200 lines', () => {
    const long = [...product, ...workshop]
      .filter((file) => !isTest(file))
      .map((file) => ({ file, lines: readFileSync(join(repository, file), 'utf8').split('\n').length }))
      .filter(({ lines }) => lines > 200)
    if (long.length > 0) console.warn(long.map(({ file, lines }) => `${file}: ${lines} lines`).join('\n'))
    expect(long.filter(({ file, lines }) => lines > 300 && !wholeInOnePiece.includes(file))).toEqual([])
  })

  test('name no path of somebody’s machine', () => {
    const machine = new RegExp(['/(?:wor', 'k/|home/[a-z]+/|ro', 'ot/|Use', 'rs/[a-z]+/)'].join(''))
    const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: repository, encoding: 'utf8' }).split('\0')
    const found = tracked.filter((file) => {
      if (file === '' || !existsSync(join(repository, file))) return false
      return machine.test(readFileSync(join(repository, file), 'utf8'))
    })
    expect(found).toEqual([])
  })

  test('the lock file knows every platform’s packages, so that a clean install works on each', () => {
    const lock = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>
    }
    const locked = new Set(Object.keys(lock.packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)))
    const wanted = Object.values(lock.packages).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies),
    )
    expect(wanted.filter((name) => !locked.has(name))).toEqual([])
  })
})
