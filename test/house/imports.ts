/**
 * What a source file pulls in, and which names it says. Promises: every way to name another module is seen (static,
 * type only, re-export, dynamic, `import()` types, require, import.meta.resolve, URLs of sources); one that cannot be
 * read from the text is reported as such, never passed over.
 */
import { parseSync } from 'oxc-parser'

export interface Import {
  /** As written; undefined when it is computed. */
  readonly specifier: string | undefined
  readonly typeOnly: boolean
}

export interface FileFacts {
  readonly imports: readonly Import[]
  /** Every identifier, property name and string in the code (comments are not code). */
  readonly names: ReadonlySet<string>
  /** Whether a Secret is opened: `x.reveal()`. A field or a literal of that name is not a call. */
  readonly reveals: boolean
  readonly parses: boolean
}

export const readImports = (path: string, text: string): FileFacts => {
  const { program, module, errors } = parseSync(path, text)
  const imports: Import[] = []
  const names = new Set<string>()
  let reveals = false
  for (const { moduleRequest, entries } of module.staticImports) {
    imports.push({ specifier: moduleRequest.value, typeOnly: entries.length > 0 && entries.every((it) => it.isType) })
  }
  for (const { entries } of module.staticExports)
    for (const { moduleRequest, isType } of entries)
      if (moduleRequest) imports.push({ specifier: moduleRequest.value, typeOnly: isType })
  visit(program, (node) => {
    if (typeof node['name'] === 'string') names.add(node['name'])
    if (node['type'] === 'Literal' && typeof node['value'] === 'string') names.add(node['value'])
    reveals ||= isReveal(node)
    const found = importOf(node)
    if (found) imports.push(found)
  })
  return { imports, names, reveals, parses: errors.length === 0 }
}

type Node = Record<string, unknown>

const importOf = (node: Node): Import | undefined => {
  switch (node['type']) {
    case 'ImportExpression':
      return { specifier: literal(node['source']), typeOnly: false }
    case 'TSImportType':
      return { specifier: literal(node['source'] ?? node['argument']), typeOnly: true }
    case 'TSExternalModuleReference':
      return { specifier: literal(node['expression']), typeOnly: false }
    case 'CallExpression':
      return isRequire(node['callee']) || isMetaResolve(node['callee'])
        ? { specifier: literal(first(node['arguments'])), typeOnly: false }
        : undefined
    case 'NewExpression': {
      // How workers and forked programs are named: new URL('./gate.ts', import.meta.url).
      const target = literal(first(node['arguments']))
      const named = isNode(node['callee']) && node['callee']['name'] === 'URL' && target !== undefined
      return named && /^\.{1,2}\/.*\.[cm]?[jt]s$/.test(target) ? { specifier: target, typeOnly: false } : undefined
    }
    default:
      return undefined
  }
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)

const first = (list: unknown): unknown => (Array.isArray(list) ? list[0] : undefined)

const literal = (node: unknown): string | undefined => {
  if (!isNode(node)) return undefined
  if (node['type'] === 'TSLiteralType') return literal(node['literal'])
  return typeof node['value'] === 'string' ? node['value'] : undefined
}

const isRequire = (callee: unknown): boolean =>
  isNode(callee) &&
  (callee['name'] === 'require' || (isNode(callee['object']) && callee['object']['name'] === 'require'))

const isMetaResolve = (callee: unknown): boolean =>
  isNode(callee) &&
  isNode(callee['object']) &&
  callee['object']['type'] === 'MetaProperty' &&
  isNode(callee['property']) &&
  callee['property']['name'] === 'resolve'

const isReveal = (node: Node): boolean =>
  node['type'] === 'CallExpression' &&
  isNode(node['callee']) &&
  isNode(node['callee']['property']) &&
  (node['callee']['property']['name'] === 'reveal' || node['callee']['property']['value'] === 'reveal')

const visit = (value: unknown, see: (node: Node) => void): void => {
  if (Array.isArray(value)) for (const item of value) visit(item, see)
  else if (isNode(value)) {
    if (typeof value['type'] === 'string') see(value)
    for (const child of Object.values(value)) visit(child, see)
  }
}
