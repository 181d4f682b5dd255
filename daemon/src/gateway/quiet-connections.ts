/**
 * Ends connections on which nothing is asked. Node times the head of a request from its first letter, and an idle connection
 * by its last byte: empty lines, which may stand before a request (RFC 9112 §2.2), are neither, and would hold a place for
 * ever. Promises: a connection with a call under way is left alone. Costs calls nothing: it looks, they need not tell.
 */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** `quietMs`: how long a connection may be without a call and without an answer. */
export const endQuiet = (
  server: Server,
  event: 'connection' | 'secureConnection',
  { quietMs, everyMs }: { quietMs: number; everyMs: number },
): void => {
  const since = new Map<Socket, { written: number; ms: number }>()
  server.on(event, (socket: Socket) => {
    since.set(socket, { written: socket.bytesWritten, ms: performance.now() })
    socket.once('close', () => since.delete(socket))
  })
  const look = setInterval(() => {
    const nowMs = performance.now()
    for (const [socket, last] of since) {
      // A call that came and went since has left an answer. The field is private; `answerUnparsed` asks it too.
      if (Boolean(Reflect.get(socket, '_httpMessage')) || socket.bytesWritten !== last.written)
        since.set(socket, { written: socket.bytesWritten, ms: nowMs })
      else if (nowMs - last.ms > quietMs) socket.destroy()
    }
  }, everyMs).unref()
  server.once('close', () => clearInterval(look))
}
