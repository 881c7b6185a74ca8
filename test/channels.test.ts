import { createHmac } from 'node:crypto'
import { type AddressInfo, createServer } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { describe, expect, it } from 'vitest'
import { emailChannel } from '../alerts/channels/email.ts'
import { webhookChannel } from '../alerts/channels/webhook.ts'
import { type Behaviour, channelContract, sampleContent } from './contracts/channel.ts'
import { mailServer, webhookServer } from './helpers/receivers.ts'

channelContract('e-mail', async (behaviour) => {
  const server = await mailServer(behaviour)
  return {
    channel: emailChannel({
      url: server.url,
      from: 'monitor@example.vn',
      to: ['so@example.vn'],
    }),
    received: () => server.mails,
    stop: server.stop,
  }
})

const STATUS: Record<Behaviour, number | null> = { accept: 204, 'refuse-for-now': 503, refuse: 400, lost: null }

channelContract('webhook', async (behaviour) => {
  const server = await webhookServer(STATUS[behaviour])
  return {
    channel: webhookChannel({ url: server.url, secret: null }),
    received: () =>
      server.posts.map(({ headers, body }) => ({ id: String(headers['idempotency-key']), text: plain(body) })),
    stop: server.stop,
  }
})

/** The JSON's strings without their escapes. */
const plain = (body: string): string => {
  const strings: string[] = []
  JSON.parse(body, (_key, value: unknown) => {
    strings.push(String(value))
    return value
  })
  return strings.join('\n')
}

const alert = { id: 'alert-1-x@lao-cai.press-monitor', content: sampleContent, resent: false }

describe('e-mail', () => {
  it('tells title, outlet, time, link and the words, in Vietnamese, to every receiver in one mail', async () => {
    const server = await mailServer('accept')
    const to = ['mot@example.vn', 'hai@example.vn']
    await emailChannel({ url: server.url, from: 'monitor@example.vn', to }).send(alert)
    await server.stop()
    expect(server.mails).toHaveLength(1)
    const [mail] = server.mails
    expect(mail?.to).toBe(to.join(', '))
    expect(mail?.subject).toBe(`[Theo dõi báo chí Lào Cai] ${sampleContent.article.title}`)
    expect(mail?.text).toContain('Cơ quan báo chí: VnExpress')
    expect(mail?.text).toContain('Thời điểm đăng: 08:30 01/10/2025 (giờ Việt Nam)')
    expect(mail?.text).toContain('- Thương vong: “lũ quét” (tiêu đề), “mất tích” (lời dẫn)')
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated')
    expect(mail?.text).not.toContain('Bài tổng hợp')
  })

  it('says of a column that it tells several events', async () => {
    const server = await mailServer('accept')
    const content = { ...sampleContent, article: { ...sampleContent.article, roundUp: true } }
    const channel = emailChannel({ url: server.url, from: 'monitor@example.vn', to: ['so@example.vn'] })
    await channel.send({ ...alert, content })
    await server.stop()
    expect(server.mails[0]?.text).toContain('(Bài tổng hợp nhiều sự việc;')
  })

  it('names outlet and version of a whole sentence', async () => {
    const server = await mailServer('accept')
    const source = { outlet: 'VnExpress', version: 2 }
    const words = [{ text: 'Trẻ nhập viện.', field: 'lead' as const, articleId: 'a1', source }]
    const content = { ...sampleContent, causes: [{ by: 'words' as const, label: null, words }] }
    const channel = emailChannel({ url: server.url, from: 'monitor@example.vn', to: ['so@example.vn'] })
    await channel.send({ ...alert, content })
    await server.stop()
    expect(server.mails[0]?.text).toContain('“Trẻ nhập viện.” (lời dẫn; câu do mô hình chỉ ra; VnExpress, bản 2)')
  })

  it('gives shortened names for no quotation', async () => {
    const server = await mailServer('accept')
    const words = [
      { text: 'Bị cáo L.V.M. lĩnh án.', field: 'lead' as const, articleId: 'a1', shortened: true as const },
    ]
    const content = { ...sampleContent, causes: [{ by: 'words' as const, label: null, words }] }
    const channel = emailChannel({ url: server.url, from: 'monitor@example.vn', to: ['so@example.vn'] })
    await channel.send({ ...alert, content })
    await server.stop()
    expect(server.mails[0]?.text).toContain(': Bị cáo L.V.M. lĩnh án. (tên được viết tắt) (lời dẫn)')
  })

  it('a line break in a title starts no header of its own', async () => {
    const server = await mailServer('accept')
    const title = 'Tin\r\nBcc: khac@example.vn'
    const content = { ...sampleContent, article: { ...sampleContent.article, title } }
    const channel = emailChannel({ url: server.url, from: 'monitor@example.vn', to: ['so@example.vn'] })
    await channel.send({ ...alert, content })
    await server.stop()
    expect(server.mails[0]?.headers.has('bcc')).toBe(false)
    expect(server.mails[0]?.subject).toContain('Tin Bcc: khac@example.vn')
  })
})

describe('a mail server that asks who sends', () => {
  it('is told over a protected line only, except on this machine', async () => {
    const told: (string | undefined)[] = []
    const server = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      closeTimeout: 50,
      onAuth: ({ username }, _session, done) => {
        told.push(username)
        done(null, { user: username })
      },
      onData: (stream, _session, done) => {
        stream.resume().on('end', () => done())
      },
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.server.address() as AddressInfo
    const send = (host: string) =>
      emailChannel({ url: `smtp://so:bi-mat@${host}:${port}`, from: 'monitor@example.vn', to: ['so@example.vn'] }).send(
        alert,
      )
    // The same machine, by an address that does not say so.
    const open = await send('0.0.0.0')
    expect(told).toEqual([])
    expect(open).toMatchObject({ state: expect.stringMatching(/^(?:not-sent|rejected)$/) })
    expect(await send('127.0.0.1')).toEqual({ state: 'confirmed', note: null })
    expect(told).toEqual(['so'])
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })

  it('and that hangs up before it is asked anything was sent nothing', async () => {
    const server = createServer((socket) => socket.end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const url = `smtp://127.0.0.1:${port}`
    const outcome = await emailChannel({ url, from: 'monitor@example.vn', to: ['so@example.vn'] }).send(alert)
    server.close()
    expect(outcome).toMatchObject({ state: 'not-sent' })
  })
})

describe('webhook', () => {
  it.each([
    ...[200, 202, 204].map((status) => [status, 'confirmed'] as const),
    ...[408, 425, 429, 500, 502, 503].map((status) => [status, 'not-sent'] as const),
    ...[400, 401, 404, 410, 422].map((status) => [status, 'rejected'] as const),
  ])('answered %s is %s', async (status, state) => {
    const server = await webhookServer(status)
    const outcome = await webhookChannel({ url: server.url, secret: null }).send(alert)
    await server.stop()
    expect(outcome.state).toBe(state)
  })

  it('signs the body with the secret', async () => {
    const server = await webhookServer(200)
    const secret = 'a secret of the office'
    await webhookChannel({ url: server.url, secret }).send(alert)
    await server.stop()
    const [post] = server.posts
    const expected = createHmac('sha256', secret)
      .update(post?.body ?? '')
      .digest('hex')
    expect(post?.headers['x-monitor-signature']).toBe(`sha256=${expected}`)
    expect(JSON.parse(post?.body ?? '')).toMatchObject({ id: alert.id, resent: false, rule: sampleContent.rule })
  })

  it('does not follow a redirect', async () => {
    const elsewhere = await webhookServer(200)
    const server = await webhookServer(307, elsewhere.url)
    const outcome = await webhookChannel({ url: server.url, secret: null }).send(alert)
    await Promise.all([server.stop(), elsewhere.stop()])
    expect(outcome).toEqual({ state: 'rejected', error: 'HTTP 307: redirects are not followed' })
    expect(elsewhere.posts).toEqual([])
  })
})
