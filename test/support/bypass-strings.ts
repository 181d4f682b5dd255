/** Request heads that are known to have led proxies elsewhere: other hosts, other paths, this machine by another name. */
import { createChance } from '../faults/chance.ts'

/** `C` is the address that nobody may reach, `P` its port. */
// prettier-ignore
const targets = ['http://C/', 'http://C/erp/x', 'HTTP://C/', '//C/', '///C/', '/\\C/', '\\\\C\\', '/erp/@C/', '@C/', '/@C/', ':@C/', '/erp/x@C', 'http://a@C/', 'http://a:b@C/', 'http://C#@a/', 'http://a#@C/', 'http://C?@a/', 'http://C\\@a/', '/erp/http://C/', '/erp/x?url=http://C/', '/erp/..//C/', '/erp/../../other/x', '/erp/..%2f..%2fother/x', '/erp/%2e%2e/other/x', '/erp/.%2e/other/x', '/erp/%252e%252e/other/x', '/erp/..;/other/x', '/erp/;/../other/x', '/erp/..%5cother', '/erp/..\\other', '/erp/%c0%ae%c0%ae/other/x', '/erp/..%00/other/x', '/erp/x%0d%0aHost:%20C', '/erp/x%20HTTP/1.1%0d%0aHost:%20C', '/erp/x#@C/', '/erp/x;@C', '/erp/{x}@C', '/erp//C', '/%2f%2fC/', '/%5cC/', '/.C/', 'C/', 'C', 'ftp://C/', 'file:///etc/passwd', 'gopher://C/_', 'dict://C/', 'jar:http://C!/', '/other/x', '/Other/x', '/other%2fx', '/oth%65r/x', '/./other/x', '/erp/x/../../other/x']
// prettier-ignore
const hosts = ['C', 'a@C', 'C#a', 'a, C', 'C/', '127.1:P', 'localhost:P', '2130706433:P', '0x7f000001:P', '0177.0.0.1:P', '[::ffff:127.0.0.1]:P', '[::1]:P', '0.0.0.0:P', '127.0.0.1.nip.io:P', 'C\r\nHost: a', 'a\r\nHost: C', 'a\r\nX-Forwarded-Host: C', 'a\r\nX-Original-URL: http://C/', 'a\r\nX-Rewrite-URL: /other/x', 'a\r\nX-Forwarded-Server: C', 'a\r\nForwarded: host=C', 'a\r\nX-Host: C', 'a\r\nX-Forwarded-Port: P', 'a\r\nDestination: http://C/', 'a\r\nProxy-Host: C', 'a\r\nTrue-Client-IP: 127.0.0.1', 'a\r\nX-HTTP-Destinationurl: http://C/']

const heads = (authority: string, auth: string, pairs: readonly (readonly [string, string])[]): string[] => {
  const filled = (text: string): string =>
    text.replaceAll(/\bC\b/g, authority).replaceAll(/\bP\b/g, authority.split(':')[1] ?? '')
  return pairs.map(([target, host]) => `GET ${filled(target)} HTTP/1.1\r\nHost: ${filled(host)}\r\n${auth}\r\n\r\n`)
}

/** The known ones: every target to a plain host and to a forged one, every host with three targets. */
export const knownBypasses = (authority: string, auth: string): string[] =>
  heads(authority, auth, [
    ...targets.flatMap((target) => [
      [target, 'a'] as const,
      [target, 'C'] as const,
      [target, 'a@C'] as const,
      [target, 'localhost:P'] as const,
    ]),
    ...hosts.flatMap((host) => [
      ['/erp/x', host] as const,
      ['/other/x', host] as const,
      ['/', host] as const,
      ['http://C/', host] as const,
    ]),
  ])

/** As many as asked for, each made of known ones by cutting, joining and writing letters as escapes. */
export const mutatedBypasses = (count: number, authority: string, auth: string, seed = 1): string[] => {
  const chance = createChance(seed)
  const pick = (from: readonly string[]): string => from[chance.under(from.length)] ?? ''
  const mutate = (text: string): string => {
    const at = chance.under(text.length + 1)
    switch (chance.under(6)) {
      case 0:
        return text.slice(0, at) + pick(targets)
      case 1:
        return pick(['/erp', '/erp/x', '/', '/erp/.', '/erp/..']) + text
      case 2:
        return (
          text.slice(0, at) +
          pick(['%2e', '%2f', '%5c', '%00', '@', '#', '?', '\\', '/', '..', ';', '%25', ':']) +
          text.slice(at)
        )
      case 3:
        return (
          text.slice(0, at) +
          (at < text.length ? `%${text.charCodeAt(at).toString(16).padStart(2, '0')}` : '') +
          text.slice(at + 1)
        )
      case 4:
        return text.slice(0, at) + text.slice(at + 1 + chance.under(3))
      default:
        return text
    }
  }
  return heads(
    authority,
    auth,
    Array.from(
      { length: count },
      () => [mutate(mutate(pick(targets))), chance.under(3) === 0 ? mutate(pick(hosts)) : pick(hosts)] as const,
    ),
  )
}
