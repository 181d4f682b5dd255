/** The same pattern as rules for other scanners, which also look where this one does not: histories, wikis, buckets. */
import { adminTokenInText, adminTokenPrefix, keyPrefix, keyValueInText } from '@postern/shared'
import { assertNever } from '../problem.ts'

export const ruleFormats = ['gitleaks', 'trufflehog'] as const
export type RuleFormat = (typeof ruleFormats)[number]

/**
 * A configuration file: for gitleaks TOML that adds to its own rules, for TruffleHog a custom detector in YAML. Neither knows
 * the checksum, so what they find may be mistyped or made up.
 */
export const rulesFor = (format: RuleFormat): string => {
  const { source } = keyValueInText
  switch (format) {
    case 'gitleaks':
      return [
        'title = "Postern"',
        '',
        '[extend]',
        'useDefault = true',
        '',
        '[[rules]]',
        'id = "postern-api-key"',
        'description = "A Postern API key; rotate it with: postern keys rotate ID (the 8 characters after the prefix)"',
        `regex = '''${source}'''`,
        `keywords = ["${keyPrefix}"]`,
        'tags = ["key", "postern"]',
        '',
        '[[rules]]',
        'id = "postern-admin-token"',
        'description = "A Postern admin token; remove it with: postern tokens delete at_ID (the 12 characters after the prefix)"',
        `regex = '''${adminTokenInText.source}'''`,
        `keywords = ["${adminTokenPrefix}"]`,
        'tags = ["token", "postern"]',
      ].join('\n')
    case 'trufflehog':
      return [
        'detectors:',
        '  - name: PosternApiKey',
        '    keywords:',
        `      - ${keyPrefix}`,
        '    regex:',
        `      key: '${source}'`,
        '  - name: PosternAdminToken',
        '    keywords:',
        `      - ${adminTokenPrefix}`,
        '    regex:',
        `      token: '${adminTokenInText.source}'`,
      ].join('\n')
    default:
      return assertNever(format)
  }
}
