/** More than a thousand requests that are not plainly one well-formed call, each with a good key. */

/** `value`: a key that would pass. The bytes are latin1. */
// The lists read best on their own lines.
// prettier-ignore
export const malformedRequests = (value: string): string[] => {
  const auth = (): string => `Authorization: Bearer ${value}\r\n`
  const request = (line: string, headers = `Host: a\r\n${auth()}`, body = ''): string =>
    `${line}\r\n${headers}\r\n${body}`

    const all: string[] = []
    const good = 'GET /erp/x HTTP/1.1'
    const paths = ['..', '.', '%2e', '%2E%2e', '.%2e', '%2f', '%2F', '%5c', '%5C', '\\', ';', ';a=b', '%', '%z', '%zz', '%1', '%00', '%0a', '%0d%0a', '%1f', '%7f', '%252e', '%252f', '%255c', '%2525', '', '//', '<', '>', '"', '^', '`', '{', '}', '|', '#', '#x', '\x7f', 'é', '\xff', '[', ']']
    for (const piece of paths)
      for (const path of [`/erp/${piece}/x`, `/erp/${piece}/`, `/erp/${piece}/x?a=b`, `/erp/x/${piece}/%2e`, `/erp/a/b/${piece}/c/d`, `/erp/a/${piece}/b`, `/erp/${piece}/../x`, `/${piece}/erp/x`, `/erp/..${piece}/../x`, `/erp//${piece}`, `/erp/${piece}/%2e%2e/x`])
        all.push(request(`GET ${path} HTTP/1.1`))
    for (const name of ['Host', 'Authorization', 'X-API-Key', 'Content-Length', 'Content-Type', 'Expect', 'Transfer-Encoding', 'X-Forwarded-Method', 'X-Forwarded-Uri', 'X-Forwarded-Host', 'X-Original-URI', 'X-Original-Method', 'X-Original-URL'])
      for (const other of [name, name.toLowerCase(), name.toUpperCase()])
        for (const [a, b] of [['a', 'b'], ['5', '5'], ['0', '0'], ['chunked', 'chunked']])
          all.push(
            request(good, `Host: a\r\n${name}: ${a}\r\n${other}: ${b}\r\n${name === 'Authorization' ? '' : auth()}`),
          )
    for (const host of ['', ' ', 'a b', 'a,b', 'a/b', 'a@b', 'a:b', 'a:99999999', '[::1', '::1', 'a?b', 'a#b', '-', 'é', 'a\tb', '"a"', 'a;b', '%61'])
      all.push(request(good, `Host: ${host}\r\n${auth()}`))
    for (const target of ['http://a/erp/x', 'https://a/erp/x', '*', 'a:443', 'erp/x', '?x', '//a/erp/x', '\\erp\\x', 'HTTP://a', '/erp/x y', '/erp/x\ty', '/erp/x?a#b', '/erp/x?é', '/erp/x?\x7f'])
      for (const method of ['GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])
        all.push(request(`${method} ${target} HTTP/1.1`))
    for (const version of ['HTTP/0.9', 'HTTP/1.2', 'HTTP/2.0', 'HTTP/3', 'HTTP/1', 'http/1.1', 'HTTP/1.1.1', 'HTTPS/1.1', 'HTTP/11', 'HTTP/ 1.1', 'ICY/1.1', ''])
      for (const method of ['GET', 'POST', 'HEAD']) all.push(request(`${method} /erp/x ${version}`))
    for (const method of ['TRACE', 'CONNECT', 'get', 'Get', 'GE T', 'G\tET', '', 'GET\0', 'X-Y', 'é', 'LONGMETHODNAME', 'PRI'])
      for (const target of ['/erp/x', '*', 'a:1', '/']) all.push(request(`${method} ${target} HTTP/1.1`))
    for (const encoding of ['gzip', 'identity', 'chunked, gzip', 'gzip, chunked', 'chunked;q=1', 'xchunked', ' chunked ,', 'chunked,chunked', '"chunked"', 'chunked\x0b', '\x00chunked', 'Chunked, identity'])
      for (const method of ['GET', 'POST', 'PUT'])
        all.push(
          request(`${method} /erp/x HTTP/1.1`, `Host: a\r\n${auth()}Transfer-Encoding: ${encoding}\r\n`, '0\r\n\r\n'),
        )
    for (const length of ['-1', '+1', '1 1', '1,1', '0x1', '1e3', 'a', '', ' ', '99999999999999999999', '1.0', '1;', "'1'"])
      for (const method of ['GET', 'POST', 'PUT', 'DELETE'])
        all.push(request(`${method} /erp/x HTTP/1.1`, `Host: a\r\n${auth()}Content-Length: ${length}\r\n`, 'x'))
    for (const [a, b] of [['Content-Length: 3', 'Transfer-Encoding: chunked'], ['Transfer-Encoding: chunked', 'Content-Length: 3'], ['Content-Length: 3', 'Transfer-Encoding : chunked'], ['Content-Length: 3', 'Transfer-Encoding\t: chunked'], ['Content-Length: 3', ' Transfer-Encoding: chunked']])
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
        all.push(request(`${method} /erp/x HTTP/1.1`, `Host: a\r\n${auth()}${a}\r\n${b}\r\n`, '0\r\n\r\n'))
    for (const line of ['X Y: 1', ' X: 1', 'X : 1', ': 1', 'X', 'X\x00: 1', 'X: a\x00b', 'X: a\x0bb', 'X: a\x01b', 'é: 1', 'X(: 1', 'X: 1\r X: folded', 'X: 1\r\n folded', 'X: 1\nY: 2'])
      for (const method of ['GET', 'POST'])
        all.push(request(`${method} /erp/x HTTP/1.1`, `Host: a\r\n${auth()}${line}\r\n`))
    for (const name of ['authorization', 'Authorization', 'x-api-key', 'host', 'content-length', 'x-postern-key-id', 'X-Postern-Client', 'x_postern_key_id', 'x-forwarded-for', 'x-real-ip', 'cookie'])
      for (const named of [name, `close, ${name}`, `${name}, keep-alive`])
        all.push(request(good, `Host: a\r\n${auth()}Connection: ${named}\r\n`))
    for (const credential of ['', 'Bearer', 'Bearer ', 'Bearer a b', 'Basic', 'Basic !', 'Basic YQ', 'Digest a', 'Negotiate abc', 'Bearer a,b', 'Bearer "a"', 'Basic Og==x=', 'é', 'Bearer\ta'])
      all.push(
        request(good, `Host: a\r\nAuthorization: ${credential}\r\n`),
        request(good, `Host: a\r\nX-API-Key: ${credential} x\r\n`),
      )
    for (const size of [8_193, 9_000, 16_000, 17_000, 60_000])
      all.push(request(`GET /erp/${'a'.repeat(size)} HTTP/1.1`))
    for (const size of [17_000, 20_000, 70_000])
      all.push(request(good, `Host: a\r\n${auth()}X: ${'a'.repeat(size)}\r\n`))
    for (const count of [64, 65, 100, 150, 199, 250])
      all.push(request(good, `Host: a\r\n${auth()}${'X: 1\r\n'.repeat(count)}`))
    for (const expect of ['200-ok', '100-continue, x', 'x'])
      all.push(request(good, `Host: a\r\n${auth()}Expect: ${expect}\r\n`))
    for (const noise of ['\0', '\r\r', '\x16\x03\x01\x02\x00', 'SSH-2.0-x\r\n', 'GET\r\n\r\n', 'GET /erp/x\r\n\r\n', '{}\r\n\r\n', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'GET /erp/x HTTP/1.0\r\n\r\n', `GET /erp/x HTTP/1.0\r\nHost: a\r\n${auth()}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, `GET /erp/x HTTP/1.1\r\n${auth()}\r\n`, `GET /erp/x HTTP/1.1\nHost: a\n${auth()}\n`])
      all.push(noise)
    return all
}
