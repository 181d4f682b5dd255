/**
 * Every request of a page, before anything answers it: first the app's say on navigation, then on the request, then its
 * own scheme. What is left would go to the network and is written down.
 */
import type { CdpSession, Protocol } from './cdp.ts'
import { serverOf, toAppUrl, toChromiumUrl } from './protocol.ts'
import { record } from './record.ts'
import { askBeforeRequest, resourceTypeOf } from './web-request.ts'

type Paused = Protocol.Fetch.requestPausedPayload

export interface RequestContext {
  readonly session: CdpSession
  readonly contents: Electron.WebContents
  readonly frame: Electron.WebFrameMain | null
  readonly isMainFrame: boolean
  /** Whether the app lets the page go there. Not asked for what the app itself has loaded. */
  mayNavigate(url: string): boolean
}

let lastId = 0

export const answerRequest = async (paused: Paused, context: RequestContext): Promise<void> => {
  const { session } = context
  const { requestId, request, resourceType, redirectedRequestId } = paused
  const url = toAppUrl(request.url + (request.urlFragment ?? ''))
  const fail = (errorReason: Protocol.Network.ErrorReason): Promise<unknown> =>
    session.send('Fetch.failRequest', { requestId, errorReason })

  // Electron does not look for one that no page has named.
  if (resourceType === 'Other' && new URL(url).pathname === '/favicon.ico')
    return void (await session.send('Fetch.fulfillRequest', { requestId, responseCode: 204 }))

  const isNavigation = resourceType === 'Document' && redirectedRequestId === undefined
  if (isNavigation && !context.mayNavigate(url)) return void (await fail('Aborted'))

  const { cancel, redirectURL } = await askBeforeRequest(detailsOf(paused, url, context))
  if (cancel === true) return void (await fail('BlockedByClient'))
  if (redirectURL !== undefined) {
    const responseHeaders = [{ name: 'location', value: toChromiumUrl(redirectURL) }]
    return void (await session.send('Fetch.fulfillRequest', { requestId, responseCode: 307, responseHeaders }))
  }

  const serve = serverOf(url)
  if (serve !== undefined) return serveIt(paused, url, session, serve)
  if (url !== request.url + (request.urlFragment ?? '')) return void (await fail('Failed'))
  if (!/^(data|blob):/.test(url)) record.networkLog.push(url)
  await session.send('Fetch.continueRequest', { requestId })
}

const serveIt = async (
  { requestId, request }: Paused,
  url: string,
  session: CdpSession,
  serve: NonNullable<ReturnType<typeof serverOf>>,
): Promise<void> => {
  let response: Response
  try {
    const { method, headers, postData } = request
    response = await serve(new Request(url, { method, headers, ...(postData === undefined ? {} : { body: postData }) }))
  } catch (error) {
    process.stderr.write(`protocol.handle of ${url}: ${String(error)}\n`)
    return void (await session.send('Fetch.failRequest', { requestId, errorReason: 'Failed' }))
  }
  await session.send('Fetch.fulfillRequest', {
    requestId,
    responseCode: response.status,
    responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
    body: Buffer.from(await response.arrayBuffer()).toString('base64'),
  })
}

const detailsOf = (
  { request, resourceType }: Paused,
  url: string,
  { contents, frame, isMainFrame }: RequestContext,
): Electron.OnBeforeRequestListenerDetails => ({
  id: (lastId += 1),
  url,
  method: request.method,
  webContentsId: contents.id,
  webContents: contents,
  frame,
  resourceType: resourceTypeOf(resourceType, isMainFrame),
  referrer: toAppUrl(request.headers['Referer'] ?? ''),
  timestamp: Date.now(),
  uploadData: [],
})
