import { tryDocument } from './try-document.ts'

// A process of its own: what one document leaves behind does not slow the next.
const [document = '', folder = '', ...leftOut] = process.argv.slice(2)
try {
  await tell({ tried: await tryDocument(document, folder, leftOut) })
} catch (error) {
  await tell({ failed: (error as Error).stack ?? String(error) })
}
process.disconnect?.()

/** A long message takes a while to leave the process. */
function tell(message: object): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()))
}
