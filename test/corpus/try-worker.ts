import { tryDocument } from './try-document.ts'

// A process of its own: what one document leaves behind does not slow the next.
const [document = '', folder = '', ...leftOut] = process.argv.slice(2)
try {
  process.send?.({ tried: await tryDocument(document, folder, leftOut) })
} catch (error) {
  process.send?.({ failed: (error as Error).stack ?? String(error) })
}
process.disconnect?.()
