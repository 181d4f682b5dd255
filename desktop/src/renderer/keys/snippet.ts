/** How to call with a key, ready to be copied. Promises: the value is read from the environment, never in the text. Pure. */

export const snippetKinds = ['curl', 'powershell', 'node'] as const
export type SnippetKind = (typeof snippetKinds)[number]

export interface SnippetCall {
  readonly method: string
  readonly path: string
}

/** What stands between single quotes in a shell, and in a script, may hold none of these. */
const quoted = (text: string, quote: string): string => text.replaceAll("'", quote)
const inScript = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")

/** `url`: where the gateway listens. */
export const snippetFor = (
  kind: SnippetKind,
  url: string,
  { method, path }: SnippetCall = { method: 'GET', path: '/your/path' },
): string => {
  const target = url + path
  const isGet = method === 'GET'
  switch (kind) {
    case 'curl': {
      const how = isGet ? '' : method === 'HEAD' ? '--head ' : `-X ${method} `
      return `curl ${how}'${quoted(target, `'\\''`)}' -H "Authorization: Bearer $POSTERN_KEY"`
    }
    case 'powershell':
      return `Invoke-RestMethod '${quoted(target, "''")}'${isGet ? '' : ` -Method ${method}`} -Headers @{ Authorization = "Bearer $env:POSTERN_KEY" }`
    case 'node':
      return `await fetch('${inScript(target)}', { ${isGet ? '' : `method: '${method}', `}headers: { authorization: \`Bearer \${process.env.POSTERN_KEY}\` } })`
  }
}
