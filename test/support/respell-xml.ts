import { SaxesParser, type SaxesTagNS } from 'saxes'

/**
 * The same document spelled otherwise: other prefixes, namespaces declared elsewhere, references and CDATA sections for text, comments
 * and processing instructions between, other quotes and white space in tags, attributes in another order.
 *
 * @param random numbers from 0 up to 1
 */
export function respellXml(xml: string, random: () => number): string {
  const pick = <Value>(...values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!
  const chance = (of: number): boolean => random() < of
  let out = ''
  let isOpen = false
  const scopes: ReadonlyMap<string, string>[] = [new Map([['http://www.w3.org/XML/1998/namespace', 'xml']])]
  const names: string[] = []
  let count = 0
  const close = (): void => {
    if (isOpen) out += `${pick('', ' ', '\n')}>`
    isOpen = false
  }
  const noise = (): void => {
    if (!chance(0.15)) return
    close()
    out += pick('<!-- <x a="1"> & -->', '<?pi <y> ?>', '<!---->')
  }
  const spell = (text: string, special: RegExp): string =>
    [...text]
      .map((character) => {
        const code = character.codePointAt(0)!
        if (special.test(character) || chance(0.05)) return pick(`&#${code};`, `&#x${code.toString(16)};`)
        return character
      })
      .join('')
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ uri, local, attributes, isSelfClosing: _ }: SaxesTagNS) => {
    close()
    noise()
    const scope = new Map(scopes.at(-1)!)
    const declared: string[] = []
    const declare = (namespace: string, prefix: string): void => {
      for (const [other, known] of scope) if (known === prefix) scope.delete(other)
      scope.set(namespace, prefix)
      declared.push(`xmlns${prefix === '' ? '' : `:${prefix}`}="${spell(namespace, /[<&"]/)}"`)
    }
    const prefixFor = (namespace: string, isAttribute: boolean): string => {
      const known = scope.get(namespace)
      if (known !== undefined && !(isAttribute && known === '') && (known === 'xml' || chance(0.8))) return known
      const prefix = isAttribute || chance(0.5) ? `p${++count}` : ''
      declare(namespace, prefix)
      return prefix
    }
    const isUndeclared = uri === '' && [...scope].some(([namespace, prefix]) => prefix === '' && namespace !== '')
    if (isUndeclared) declare('', '')
    const own = uri === '' ? '' : prefixFor(uri, false)
    const written = Object.values(attributes)
      .filter((one) => one.uri !== 'http://www.w3.org/2000/xmlns/')
      .sort(() => random() - 0.5)
      .map((one) => {
        const prefix = one.uri === '' ? '' : `${prefixFor(one.uri, true)}:`
        const quote = pick('"', "'")
        return `${prefix}${one.local}${pick('', ' ')}=${pick('', '\n')}${quote}${spell(one.value, /[<&\t\n\r"']/)}${quote}`
      })
    // The element's own prefix may have been taken away by a declaration that came later.
    const prefix = uri === '' ? '' : (scope.get(uri) ?? own)
    if (uri !== '' && scope.get(uri) === undefined) declare(uri, own)
    const name = prefix === '' ? local : `${prefix}:${local}`
    out += `<${name}`
    for (const one of [...declared, ...written].sort(() => random() - 0.5)) out += `${pick(' ', '\n', '\t ')}${one}`
    isOpen = true
    scopes.push(scope)
    names.push(name)
  })
  parser.on('closetag', () => {
    scopes.pop()
    const name = names.pop()!
    if (isOpen && chance(0.5)) out += '/>'
    else {
      close()
      out += `</${name}${pick('', ' ')}>`
    }
    isOpen = false
  })
  const text = (piece: string): void => {
    if (names.length === 0) return
    close()
    for (const part of piece.match(/[\s\S]{1,40}/gu) ?? []) {
      noise()
      // A carriage return is only itself as a reference.
      const isPlain = part.trim() !== '' && !part.includes(']]>') && !part.includes('\r')
      out += isPlain && chance(0.3) ? `<![CDATA[${part}]]>` : spell(part, /[<&>\r]/)
    }
  }
  parser.on('text', text)
  parser.on('cdata', text)
  parser.write(xml).close()
  return `${pick('', '<?xml version="1.0"?>', "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n")}${out}${pick('', '\n', '<!-- -->')}`
}
