import { dirname, join } from 'node:path'
import ts from 'typescript'

// One process for all documents: the runtime and the libraries are parsed once, and each service is checked by its own
// tsconfig.json, only the files it emitted being asked for their diagnostics.

const parsed = new Map<string, ts.SourceFile | undefined>()

process.on('message', (folder: string) => {
  process.send?.({ folder, diagnostics: check(folder) })
})

function check(folder: string): string[] {
  const config = ts.getParsedCommandLineOfConfigFile(join(folder, 'tsconfig.json'), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: () => {},
  })
  if (config === undefined) return ['tsconfig.json cannot be read']
  const host = ts.createCompilerHost(config.options)
  const read = host.getSourceFile.bind(host)
  host.getSourceFile = (name, options, ...rest) => {
    if (name.startsWith(folder)) return read(name, options, ...rest)
    if (!parsed.has(name)) parsed.set(name, read(name, options, ...rest))
    return parsed.get(name)
  }
  const program = ts.createProgram({ rootNames: config.fileNames, options: config.options, host })
  const own = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(folder))
  const found = [
    ...config.errors,
    ...program.getOptionsDiagnostics(),
    ...own.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ]
  return found.slice(0, 50).map((one) => {
    const line = one.file === undefined ? 0 : one.file.getLineAndCharacterOfPosition(one.start ?? 0).line + 1
    const file = one.file === undefined ? dirname(folder) : one.file.fileName.slice(folder.length + 1)
    return `${file}:${line} TS${one.code} ${ts.flattenDiagnosticMessageText(one.messageText, ' ').slice(0, 300)}`
  })
}
