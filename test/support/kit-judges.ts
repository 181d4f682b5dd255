/**
 * What others say of the kit's files: the schemas that Microsoft publishes for Power Platform connectors, and a grammar of
 * PowerShell. None of it is ours.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import ajvDraft4 from 'ajv-draft-04'
import { Language, Parser, type Node } from 'web-tree-sitter'

const schemas = join(import.meta.dirname, '..', 'fixtures', 'power-platform')

/** The published files hold comments, which JSON does not know; and each has an `id` in the manner of another draft. */
const schemaOf = (name: string): object => {
  const text = readFileSync(join(schemas, name), 'utf8').replaceAll(/(?<=^|\s)\/\/ .*$/gm, '')
  return { ...(JSON.parse(text) as object), id: undefined }
}

// Formats beyond those of JSON Schema are named in them; what is asked here is the structure.
const options = { strict: false, validateFormats: false, allErrors: true }

const faultsBy =
  (validate: ValidateFunction) =>
  (document: unknown): string[] =>
    validate(document)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`)

/** By the name of a file: what the published schema objects to; nothing when it is right. */
export const powerPlatformFaults = (): Readonly<Record<string, (document: unknown) => string[]>> => ({
  'apiDefinition.swagger.json': faultsBy(
    new ajvDraft4.default(options).compile(schemaOf('apiDefinition.swagger.schema.json')),
  ),
  'apiProperties.json': faultsBy(new Ajv(options).compile(schemaOf('paconn-apiProperties.schema.json'))),
})

/** A command of a script: its name, what it is given in single quotes, and the entries of its tables. */
export interface PowershellCommand {
  readonly name: string
  readonly texts: readonly string[]
  readonly entries: readonly (readonly [string, string])[]
}

/** The commands of a script in order, by the grammar; `null` for what is no script. */
export const powershellReader = async (): Promise<(script: string) => PowershellCommand[] | null> => {
  await Parser.init()
  const parser = new Parser()
  const grammar = createRequire(import.meta.url).resolve('tree-sitter-powershell/tree-sitter-powershell.wasm')
  parser.setLanguage(await Language.load(grammar))
  const allOf = (node: Node, type: string): Node[] => node.descendantsOfType(type).filter((each) => each !== null)
  const textIn = (node: Node, type: string): string => allOf(node, type)[0]?.text ?? ''
  return (script) => {
    const tree = parser.parse(script)
    if (tree === null || tree.rootNode.hasError) return null
    return allOf(tree.rootNode, 'command').map((command) => ({
      name: textIn(command, 'command_name'),
      // about_Quoting_Rules: a quote within them is written twice.
      texts: allOf(command, 'verbatim_string_characters').map(({ text }) =>
        text.slice(1, -1).replaceAll(/['‘’‚‛]{2}/g, (two) => two.charAt(0)),
      ),
      entries: allOf(command, 'hash_entry').map((entry) => [
        textIn(entry, 'key_expression'),
        textIn(entry, 'expandable_string_literal').slice(1, -1),
      ]),
    }))
  }
}
