/** How to call with a key, ready to be copied. Promises: the value is read from the environment, never in the text. Pure. */

export const snippetKinds = ['curl', 'powershell', 'node'] as const
export type SnippetKind = (typeof snippetKinds)[number]

/** `url`: where the gateway listens. */
export const snippetFor = (kind: SnippetKind, url: string): string => {
  const target = `${url}/your/path`
  switch (kind) {
    case 'curl':
      return `curl '${target}' -H "Authorization: Bearer $POSTERN_KEY"`
    case 'powershell':
      return `Invoke-RestMethod '${target}' -Headers @{ Authorization = "Bearer $env:POSTERN_KEY" }`
    case 'node':
      return `await fetch('${target}', { headers: { authorization: \`Bearer \${process.env.POSTERN_KEY}\` } })`
  }
}
