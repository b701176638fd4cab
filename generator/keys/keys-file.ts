import { readFile, realpath } from 'node:fs/promises'
import { Document, isMap, parseDocument, type YAMLMap } from 'yaml'
import { isEmpty } from './edit-keys.ts'
import { locked } from './file-lock.ts'
import { KeysError, type KeysPlace } from './keys-place.ts'
import { replaceFile, signatureOf } from './write-file.ts'

const heading = ` Who may call, and with which keys. Only hashes of keys stand here.
 Written by \`specgate keys\`; comments and order are kept.`

/** A consumers file; comments and order are kept. */
export function keysFile(file: string): KeysPlace {
  return {
    name: file,
    read: async () => (await read(file, false)).document,
    change: (edit, mayCreate = true) => change(file, edit, mayCreate),
    close() {},
  }
}

async function change(file: string, edit: (document: Document) => void, mayCreate: boolean): Promise<void> {
  const path = await realpath(file).catch(() => file)
  if (!mayCreate) await read(path, false)
  await locked(path, async () => {
    for (let attempt = 0; attempt < 5; attempt++) {
      const { document, signature } = await read(path, mayCreate)
      edit(document)
      if (await replaceFile(path, document.toString({ lineWidth: 0 }), signature)) return
    }
    throw new KeysError(`${file} keeps changing; try again.`)
  })
}

async function read(file: string, mayCreate: boolean): Promise<{ document: Document; signature: string }> {
  const signature = await signatureOf(file)
  if (signature === 'missing') {
    if (!mayCreate) throw new KeysError(`There is no ${file}.`)
    const document = new Document({ consumers: {} })
    document.commentBefore = heading
    return { document, signature }
  }
  const document = parseDocument(await readFile(file, 'utf8')) as unknown as Document
  const [fault] = document.errors
  if (fault !== undefined) throw new KeysError(`${file} is not valid YAML: ${fault.message}`)
  if (document.contents === null) document.contents = document.createNode({ consumers: {} }) as YAMLMap
  if (!isMap(document.contents)) throw new KeysError(`${file} is not a map with the member "consumers".`)
  const consumers = document.get('consumers', true)
  if (consumers === undefined || isEmpty(consumers)) document.set('consumers', document.createNode({}))
  else if (!isMap(consumers)) throw new KeysError(`"consumers" in ${file} is not a map.`)
  return { document, signature }
}
