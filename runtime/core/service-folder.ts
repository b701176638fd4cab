import { basename, dirname, isAbsolute, resolve } from 'node:path'

/**
 * The emitted service's folder: where `package.json` and `operations/` are. The bundle runs as `<folder>/dist/server.js`.
 * @param script what node was started with
 */
export function serviceFolder(script: string = process.argv[1] ?? ''): string {
  const folder = dirname(resolve(script))
  return basename(folder) === 'dist' ? dirname(folder) : folder
}

/** A path of the service's own (a consumers file, a certificate): relative ones start at the service's folder. */
export function servicePath(path: string, folder: string = serviceFolder()): string {
  return isAbsolute(path) ? path : resolve(folder, path)
}
