import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import type { Behaviour } from '../contracts/channel.ts'

export interface Mail {
  readonly id: string
  readonly subject: string
  readonly text: string
  readonly to: string
  readonly headers: ReadonlyMap<string, unknown>
}

/** A real SMTP server on loopback; the behaviour may change while it runs. It has no mailbox for those in `unknown`. */
export async function mailServer(initial: Behaviour, unknown: readonly string[] = []) {
  const sockets = new Set<Socket>()
  const breakConnections = () => {
    for (const socket of sockets) socket.destroy()
  }
  const mails: Mail[] = []
  let behaviour = initial
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    // Without it, stopping waits half a minute for connections that stay silent.
    closeTimeout: 50,
    onMailFrom: (_address, _session, callback) => {
      if (behaviour === 'refuse-for-now') return callback(answer(450, 'try again later'))
      callback()
    },
    onRcptTo: ({ address }, _session, callback) => {
      if (behaviour === 'refuse' || unknown.includes(address)) return callback(answer(550, 'no such mailbox'))
      callback()
    },
    onData: (stream, _session, callback) => {
      simpleParser(stream)
        .then((mail) => {
          const to = Array.isArray(mail.to) ? mail.to.map(({ text }) => text).join(', ') : (mail.to?.text ?? '')
          mails.push({
            id: (mail.messageId ?? '').replace(/^<|>$/g, ''),
            subject: mail.subject ?? '',
            text: mail.text ?? '',
            to,
            headers: mail.headers,
          })
          if (behaviour === 'lost') breakConnections()
          else callback()
        })
        .catch((error: Error) => callback(error))
    },
  })
  // A broken connection is part of the play, not an error of the test.
  server.on('error', () => undefined)
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails,
    set: (next: Behaviour) => {
      behaviour = next
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

const answer = (responseCode: number, message: string): Error => Object.assign(new Error(message), { responseCode })

export interface Posted {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A real HTTP server on loopback that takes posts; `status` decides the answer, null breaks the connection instead. */
export async function webhookServer(initial: number | null, location?: string) {
  const posts: Posted[] = []
  let status = initial
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      posts.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') })
      if (status === null) return request.socket.destroy()
      if (location !== undefined) response.setHeader('location', location)
      response.writeHead(status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`,
    posts,
    set: (next: number | null) => {
      status = next
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
