/**
 * The page of the API documentation. Promises: the code leaves the address bar before anything is asked; the session's
 * token lives in one variable of this page and ends with it; nothing is asked of any other machine. Never: storage,
 * cookies, a token in what is shown.
 */
;(() => {
  const at = (id) => document.getElementById(id)
  let token

  const askForLink = (reason) => {
    token = undefined
    at('ui').replaceChildren()
    for (const id of ['working', 'who', 'end']) at(id).hidden = true
    at('reason').textContent = reason
    at('entry').hidden = false
    at('code').value = ''
    at('code').focus()
  }

  const open = async (code) => {
    at('entry').hidden = true
    at('working').hidden = false
    let answer, said
    try {
      answer = await fetch('/session', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code }),
      })
      said = await answer.json()
    } catch {
      return askForLink('Postern does not answer any more: the page was closed on its side, or Postern was stopped.')
    }
    if (!answer.ok) return askForLink(said.detail ?? said.title)
    token = said.token
    at('who').textContent = `Acting as ${said.actor}`
    for (const id of ['who', 'end']) at(id).hidden = false
    show(said.socket)
  }

  const show = (socket) => {
    // One of its own each time: what is taken away whole leaves the page's framework nothing to stumble over.
    const domNode = document.createElement('div')
    at('ui').replaceChildren(domNode)
    window.SwaggerUIBundle({
      domNode,
      url: '/v1/openapi.json',
      validatorUrl: null,
      deepLinking: false,
      persistAuthorization: false,
      tryItOutEnabled: true,
      filter: true,
      displayRequestDuration: true,
      docExpansion: 'list',
      defaultModelsExpandDepth: -1,
      // What is shown of a request is what it was before the token came in.
      showMutatedRequest: false,
      requestInterceptor: (request) => {
        request.headers.Authorization = `Bearer ${token}`
        return request
      },
      responseInterceptor: (response) => {
        const ended = response.status === 401 && response.headers['www-authenticate'] !== undefined
        if (ended) askForLink('The session has ended.')
        return response
      },
      plugins: [() => fitting(socket)],
      onComplete: () => {
        at('working').hidden = true
      },
    })
  }

  /** No dialog for a token, which comes in by itself; and curl as it works in a terminal: over the socket, without one. */
  const fitting = (socket) => ({
    wrapComponents: {
      authorizeBtn: () => () => null,
      authorizeOperationBtn: () => () => null,
      // There is one server, and the document needs a token that a plain link does not carry.
      ServersContainer: () => () => null,
      InfoUrl: () => () => null,
      curl:
        (Original, { React, Im }) =>
        (properties) => {
          const url = new URL(properties.request.get('url'), location.href)
          const request = properties.request
            .set('url', `http://localhost${url.pathname}${url.search}`)
            .set('curlOptions', Im.List(['--unix-socket', socket]))
          return React.createElement(Original, { ...properties, request })
        },
    },
  })

  const end = () => {
    if (token === undefined) return
    const headers = { authorization: `Bearer ${token}` }
    token = undefined
    fetch('/session', { method: 'DELETE', headers, keepalive: true }).catch(() => undefined)
  }

  at('end').addEventListener('click', () => {
    end()
    askForLink('The session has ended.')
  })
  at('form').addEventListener('submit', (event) => {
    event.preventDefault()
    void open(at('code').value.trim().split('#').at(-1))
  })
  window.addEventListener('pagehide', end)
  // A page that the browser had put aside has no session any more.
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) askForLink('The session has ended.')
  })
  // A new link opened over this page changes the fragment alone.
  window.addEventListener('hashchange', () => start())

  const start = () => {
    const code = location.hash.slice(1)
    history.replaceState(null, '', location.pathname)
    if (code !== '') void open(code)
    else if (token === undefined) askForLink('This page was opened without the code of a link.')
  }
  start()
})()
