/**
 * A strict parser of lists of structured fields (RFC 9651 §4.2) as far as the RateLimit headers use them: strings with
 * parameters that are integers or strings. Throws for anything else, so that what it reads any parser reads.
 */

export interface Item {
  readonly value: string
  readonly parameters: Readonly<Record<string, number | string>>
}

export const parseStringList = (input: string): Item[] => {
  let at = 0
  const fail = (what: string): never => {
    throw new SyntaxError(`${what} at ${at} of ${JSON.stringify(input)}`)
  }
  const bareItem = (): number | string => {
    if (input[at] === '"') return string()
    const digits = /^-?\d{1,15}(?![\d.])/.exec(input.slice(at))?.[0] ?? fail('no integer')
    at += digits.length
    return Number(digits)
  }
  const string = (): string => {
    if (input[at] !== '"') fail('no string')
    at += 1
    let text = ''
    for (;;) {
      const char = input[at] ?? fail('the string does not end')
      at += 1
      if (char === '"') return text
      if (char === '\\') {
        const escaped = input[at] ?? ''
        if (escaped !== '"' && escaped !== '\\') fail('a bad escape')
        at += 1
        text += escaped
      } else if (char < ' ' || char > '~') fail('not printable ASCII')
      else text += char
    }
  }
  const item = (): Item => {
    const value = string()
    const parameters: Record<string, number | string> = {}
    while (input[at] === ';') {
      at += 1
      while (input[at] === ' ') at += 1
      const key = /^[a-z*][a-z0-9_\-.*]*/.exec(input.slice(at))?.[0] ?? fail('no key')
      at += key.length
      if (input[at] !== '=') fail('a parameter without a value')
      at += 1
      if (Object.hasOwn(parameters, key)) fail('a parameter stands twice')
      parameters[key] = bareItem()
    }
    return { value, parameters }
  }
  const items: Item[] = []
  if (input === '') return items
  for (;;) {
    items.push(item())
    const between = /^[ \t]*/.exec(input.slice(at))?.[0].length ?? 0
    at += between
    if (at === input.length) {
      if (between > 0) fail('blanks at the end')
      return items
    }
    if (input[at] !== ',') fail('no comma')
    at += 1
    at += /^[ \t]*/.exec(input.slice(at))?.[0].length ?? 0
    if (at === input.length) fail('a comma at the end')
  }
}
