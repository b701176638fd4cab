/** One `{name}` of a path template. */
export interface TemplateVariable {
  readonly name: string
  /** What stands between the braces, e.g. `path+`. */
  readonly written: string
}

export interface PathTemplate {
  readonly variables: readonly TemplateVariable[]
  /** The template with its variables' names taken out: `/a/{}`; templates of one shape match the same requests. */
  readonly shape: string
  readonly balanced: boolean
}

/** Reads `/orders/{orderId}.{format}`; text that is no template has `balanced: false`. */
export function readTemplate(path: string): PathTemplate {
  const variables: TemplateVariable[] = []
  let shape = ''
  let rest = path
  for (;;) {
    const open = rest.search(/[{}]/)
    if (open === -1) return { variables, shape: shape + rest, balanced: true }
    const close = rest[open] === '{' ? rest.slice(open + 1).search(/[{}]/) + open + 1 : 0
    if (close <= open || rest[close] !== '}') return { variables, shape: shape + rest, balanced: false }
    const written = rest.slice(open + 1, close)
    // `{path+}`, `{path*}`, `{?query}` are wildcards of other template languages (RFC 6570, AWS, Spring).
    variables.push({ name: written.replace(/^[+#./;?&*]|[+*]$/g, ''), written })
    shape += `${rest.slice(0, open)}{}`
    rest = rest.slice(close + 1)
  }
}
