/** Something a person who runs the service should read, from a part that lives beside requests. */
export interface Notice {
  readonly level: 'info' | 'error'
  readonly message: string
}

/** One JSON line in the shape of the service's log. */
export function printNotice({ level, message }: Notice): void {
  const line = { level: level === 'info' ? 30 : 50, time: Date.now(), msg: message }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
