import { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { Instant } from '../../model.ts'
import { isLoopback } from '../loopback.ts'
import { noticeText } from '../notice-wording.ts'
import { mailText } from '../wording.ts'
import type { Channel, SendOutcome } from './channel.ts'
import type { NoticeChannel } from './notice.ts'

export interface EmailOptions {
  /** `smtp://user:password@host:587` or `smtps://…`. */
  readonly url: string
  readonly from: string
  readonly to: readonly string[]
  /** Without an answer for so long, the connection counts as lost. Default 30 s. */
  readonly timeoutMs?: number
}

/**
 * Mails alerts over SMTP. The server's final answer decides; when the connection is lost after the message was handed
 * over, the outcome is unknown. Credentials never travel without TLS, except to this machine.
 */
export function emailChannel(options: EmailOptions): Channel {
  const server = serverOf(options)
  return {
    name: 'email',
    send: async (alert) => {
      const message = await compose({ ...mailText(alert), id: alert.id, at: alert.content.createdAt }, options)
      return deliver(server, options, message)
    },
  }
}

/** Mails to the administrator, the same way. */
export function emailNotices(options: EmailOptions): NoticeChannel {
  const server = serverOf(options)
  return {
    name: 'email',
    send: async (notice) => {
      const message = await compose({ ...noticeText(notice), id: notice.id, at: notice.content.createdAt }, options)
      return deliver(server, options, message)
    },
  }
}

interface Mail {
  readonly subject: string
  readonly text: string
  readonly id: string
  readonly at: Instant
}

interface Server {
  readonly options: ConstructorParameters<typeof SMTPConnection>[0]
  readonly credentials: { readonly user: string; readonly pass: string } | null
}

function serverOf({ url, timeoutMs = 30_000 }: EmailOptions): Server {
  const { protocol, hostname, port, username, password } = new URL(url)
  const secure = protocol === 'smtps:'
  const host = hostname.replace(/^\[|\]$/g, '')
  const credentials =
    username === '' ? null : { user: decodeURIComponent(username), pass: decodeURIComponent(password) }
  return {
    options: {
      host,
      port: port === '' ? (secure ? 465 : 587) : Number(port),
      secure,
      requireTLS: !secure && credentials !== null && !isLoopback(host),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
    },
    credentials,
  }
}

function compose({ subject, text, id, at }: Mail, { from, to }: EmailOptions): Promise<Buffer> {
  const mail = new MailComposer({
    from,
    to: [...to],
    subject,
    text,
    date: new Date(at),
    messageId: `<${id}>`,
    headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': 'vi' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return mail.compile().build()
}

/** One connection, one message. */
function deliver(server: Server, { from, to }: EmailOptions, message: Buffer): Promise<SendOutcome> {
  const { promise, resolve } = Promise.withResolvers<SendOutcome>()
  const connection = new SMTPConnection(server.options)
  // The server asks for the message with 354, and only then is the stream read: from there on it may have arrived.
  let handedOver = false
  const body = new Readable({
    read() {
      handedOver = true
      this.push(message)
      this.push(null)
    },
  })
  const end = (outcome: SendOutcome): void => {
    connection.close()
    resolve(outcome)
  }
  const fail = (error: Error): void => end(failure(error, handedOver))
  connection.on('error', fail)
  // The library ends a connection just before it says why: the reason, when there is one, comes first.
  connection.once('end', () => setImmediate(() => fail(new Error('the server closed the connection'))))
  const send = (): void =>
    connection.send({ from, to: [...to] }, body, (error, info) => {
      if (error) return fail(error)
      connection.quit()
      const rejected = info?.rejected ?? []
      resolve({ state: 'confirmed', note: rejected.length === 0 ? null : `not taken for ${rejected.join(', ')}` })
    })
  connection.connect((error) => {
    if (error) return fail(error)
    if (server.credentials === null) return send()
    connection.login({ credentials: server.credentials }, (refused) => (refused ? fail(refused) : send()))
  })
  return promise
}

/** An answer of the server is clear: 4xx may pass later, 5xx will not. Without one, it depends on how far we had come. */
function failure(error: Error & { readonly responseCode?: number }, handedOver: boolean): SendOutcome {
  const code = error.responseCode
  const text = error.message.replaceAll(/\s+/g, ' ').trim()
  if (code !== undefined && code >= 500) return { state: 'rejected', error: text }
  if (code !== undefined && code >= 400) return { state: 'not-sent', error: text }
  return { state: handedOver ? 'unknown' : 'not-sent', error: text }
}
