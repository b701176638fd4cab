import type { ListenOptions, Server } from 'node:net'

/**
 * @param shared other processes listen there as well, and the kernel gives each its share
 * @throws the listen error, e.g. EADDRINUSE
 */
export async function listenOn(server: Server, host: string, port: number, shared: boolean): Promise<void> {
  try {
    await listen(server, { host, port, reusePort: shared })
  } catch (error) {
    if (!shared || (error as NodeJS.ErrnoException).code !== 'ENOTSUP') throw error
    // Where the kernel cannot share a port (macOS, Windows), the primary process accepts for all.
    await listen(server, { host, port })
  }
}

function listen(server: Server, where: ListenOptions): Promise<void> {
  return new Promise((resolve, fail) => {
    server.once('error', fail)
    server.listen(where, () => {
      server.off('error', fail)
      resolve()
    })
  })
}
