/**
 * How to call the gateway, ready to be copied. Promises: the value is read from the environment, never in the text; a gateway
 * with an authority of its own is trusted by that authority's file, and never by not looking; no text of others ends the
 * quotes it stands in. Pure.
 */

export const snippetKinds = ['curl', 'powershell', 'node'] as const
export type SnippetKind = (typeof snippetKinds)[number]

export interface SnippetCall {
  readonly method: string
  readonly path: string
  /** It sends a body: an empty JSON object, to be filled in. */
  readonly body?: true
}

export interface SnippetGateway {
  /** Where it listens. */
  readonly url: string
  /** The certificate that callers have to trust; null: they do already. */
  readonly caFile: string | null
}

/** Line ends of any of the three languages, and what else would not stay on the line it was written on. */
const lineEnds = /[\p{Cc}\p{Zl}\p{Zp}]+/gu

/** A text of others as one line of a comment: what it says, at most `charactersMax`, and nothing that ends the line. */
export const commentText = (text: string, charactersMax = 200): string =>
  [...text.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')].slice(0, charactersMax).join('').trim()

/** What stands between single quotes in a shell, and in a script, may hold none of these. */
const inShell = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
/** PowerShell takes the typographic ones for the same quote (about_Quoting_Rules). */
const inPowershell = (text: string): string => `'${text.replaceAll(/['‘’‚‛]/g, '$&$&')}'`
const inScript = (text: string): string =>
  `'${text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll(lineEnds, (ends) => ends.replaceAll(/./gsu, unicodeEscape))}'`
const unicodeEscape = (character: string): string =>
  `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`

const anyCall: SnippetCall = { method: 'GET', path: '/your/path' }

/** What makes this machine trust the gateway's own authority, as lines before the call; '' where nothing has to. */
export const trustFor = (kind: SnippetKind, gateway: SnippetGateway, file = 'call.mjs'): string => {
  const caFile = trusted(gateway)
  if (caFile === null || kind === 'curl') return ''
  if (kind === 'powershell')
    return `Import-Certificate -FilePath ${inPowershell(caFile)} -CertStoreLocation Cert:\\CurrentUser\\Root\n`
  const isWindows = /^[A-Za-z]:\\|^\\\\/.test(caFile)
  const line = caFile.replaceAll(lineEnds, ' ')
  return isWindows
    ? `// Start it so: $env:NODE_EXTRA_CA_CERTS = ${inPowershell(line)}; node ${file}\n`
    : `// Start it so: NODE_EXTRA_CA_CERTS=${inShell(line)} node ${file}\n`
}

/** One call on one line; of Node, an expression. Methods are those of HTTP, in capitals. */
export const callFor = (kind: SnippetKind, gateway: SnippetGateway, call: SnippetCall): string => {
  const { method, path, body } = call
  const target = gateway.url + path
  const isGet = method === 'GET'
  switch (kind) {
    case 'curl': {
      const caFile = trusted(gateway)
      const trust = caFile === null ? '' : `--cacert ${inShell(caFile)} `
      const how = isGet ? '' : method === 'HEAD' ? '--head ' : `-X ${method} `
      const sent = body === true ? ` -H 'Content-Type: application/json' --data '{}'` : ''
      return `curl ${trust}${how}${inShell(target)} -H "Authorization: Bearer $POSTERN_KEY"${sent}`
    }
    case 'powershell': {
      const how = isGet ? '' : ` -Method ${method}`
      const sent = body === true ? ` -ContentType 'application/json' -Body '{}'` : ''
      return `Invoke-RestMethod ${inPowershell(target)}${how} -Headers @{ Authorization = "Bearer $env:POSTERN_KEY" }${sent}`
    }
    case 'node': {
      const how = isGet ? '' : `method: '${method}', `
      const sent = body === true ? { head: `, 'content-type': 'application/json'`, body: `, body: '{}'` } : null
      return `await fetch(${inScript(target)}, { ${how}headers: { authorization: \`Bearer \${process.env.POSTERN_KEY}\`${sent?.head ?? ''} }${sent?.body ?? ''} })`
    }
  }
}

/** A call with what it needs around it. */
export const snippetFor = (kind: SnippetKind, gateway: SnippetGateway, call: SnippetCall = anyCall): string =>
  trustFor(kind, gateway) + callFor(kind, gateway, call)

const trusted = ({ url, caFile }: SnippetGateway): string | null => (url.startsWith('https:') ? caFile : null)
