/** What some rooms may not reach, and where secrets come out of their wrapping; part of layering-table.ts. */

/** What the data plane must never reach, directly or through anything it imports; types count too. */
export const outOfReachOfGateway = ['document', 'keystore', 'keys', 'audit', 'admin', 'access/build-index'] as const

/** These work on what they are handed: no files, no other programs. */
export const roomsWithoutFiles = [
  'shared',
  'document',
  'document/migrations',
  'keys',
  'verifiers',
  'access',
  'access/build-index',
  'gateway',
  'kit',
  'change.ts',
] as const

/** `reveal()` turns a Secret into something that can be printed. File -> why it may. */
export const mayReveal: Readonly<Record<string, string>> = {
  'daemon/src/keystore/machine-key.ts': 'the machine key is written to its file and opens the machine slot',
  'daemon/src/tls/certificate.ts': 'a new private key signs its certificate',
  'daemon/src/tls/keep-certificate.ts': 'the private key is sealed into its file, and opened for the listener',
  'daemon/src/tls/throwaway-context.ts': 'the certificate of the locked listener goes into memory only',
  'daemon/src/try-key.ts': 'the value is presented to the gateway of this very process',
  'daemon/src/open-secrets.ts': 'a revealed secret becomes the key value',
  'daemon/src/notices/channels/mail.ts': 'the password goes to the mail server, encrypted',
  'daemon/src/notices/channels/webhook.ts': 'the secret signs what is sent',
  'daemon/src/keys/channel-steps.ts': 'the secret of a receiver is looked at and sealed',
  'daemon/src/admin/notices.ts': 'a drawn webhook secret and a drawn calendar token, each answered once',
  'daemon/src/cli/admin-client.ts': 'an admin token is presented to the daemon',
  'daemon/src/cli/notices.ts': 'a typed password goes to the daemon',
  'daemon/src/admin/tokens.ts': 'an admin token, in the one answer that carries it',
  'daemon/src/admin/views.ts': 'the value of a key, in the one answer that carries it',
  'daemon/src/keys/signing-steps.ts': 'a drawn private key is sealed',
  'daemon/src/keep-sign-ins.ts': 'the secret of a client checks the tokens of its callers',
  'daemon/src/keep-signing.ts': 'the private keys are handed to what signs with them',
  'daemon/src/keys/site-steps.ts': 'the token of the calendar becomes its verifier',
  'daemon/src/admin/pages.ts': 'the code of a one-time link, in the one answer that carries it',
  'daemon/src/admin/page-door.ts': 'the token of a session, in the one answer that carries it',
  'daemon/src/admin/store.ts': 'the code of a new recovery kit, answered once',
  'daemon/src/cli/store.ts': 'the recovery kit is printed once; a typed code goes to the daemon',
  'daemon/src/keystore/recovery-code.ts': 'what was typed is read back into the seed',
}
