/**
 * How to call with a key, ready to be copied. Promises: the value is read from the environment, never in the text; a gateway
 * with an authority of its own is trusted by that authority's file, and never by not looking. Pure.
 */

export const snippetKinds = ['curl', 'powershell', 'node'] as const
export type SnippetKind = (typeof snippetKinds)[number]

export interface SnippetCall {
  readonly method: string
  readonly path: string
}

export interface SnippetGateway {
  /** Where it listens. */
  readonly url: string
  /** The certificate that callers have to trust; null: they do already. */
  readonly caFile: string | null
}

/** What stands between single quotes in a shell, and in a script, may hold none of these. */
const quoted = (text: string, quote: string): string => text.replaceAll("'", quote)
const inShell = (text: string): string => `'${quoted(text, `'\\''`)}'`
const inPowershell = (text: string): string => `'${quoted(text, "''")}'`
const inScript = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

const anyCall: SnippetCall = { method: 'GET', path: '/your/path' }

export const snippetFor = (kind: SnippetKind, gateway: SnippetGateway, call: SnippetCall = anyCall): string => {
  const { method, path } = call
  const target = gateway.url + path
  const caFile = gateway.url.startsWith('https:') ? gateway.caFile : null
  const isGet = method === 'GET'
  switch (kind) {
    case 'curl': {
      const trust = caFile === null ? '' : `--cacert ${inShell(caFile)} `
      const how = isGet ? '' : method === 'HEAD' ? '--head ' : `-X ${method} `
      return `curl ${trust}${how}${inShell(target)} -H "Authorization: Bearer $POSTERN_KEY"`
    }
    case 'powershell': {
      const trust =
        caFile === null
          ? ''
          : `Import-Certificate -FilePath ${inPowershell(caFile)} -CertStoreLocation Cert:\\CurrentUser\\Root\n`
      return `${trust}Invoke-RestMethod ${inPowershell(target)}${isGet ? '' : ` -Method ${method}`} -Headers @{ Authorization = "Bearer $env:POSTERN_KEY" }`
    }
    case 'node': {
      const isWindows = caFile !== null && /^[A-Za-z]:\\|^\\\\/.test(caFile)
      const trust =
        caFile === null
          ? ''
          : isWindows
            ? `// Start it so: $env:NODE_EXTRA_CA_CERTS = ${inPowershell(caFile)}; node call.mjs\n`
            : `// Start it so: NODE_EXTRA_CA_CERTS=${inShell(caFile)} node call.mjs\n`
      return `${trust}await fetch(${inScript(target)}, { ${isGet ? '' : `method: '${method}', `}headers: { authorization: \`Bearer \${process.env.POSTERN_KEY}\` } })`
    }
  }
}
