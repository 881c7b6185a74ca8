import { afterEach, describe, expect, it } from 'vitest'
import type { AlertContent, Channel } from '../../alerts/channels/channel.ts'

/** How the receiver behaves: `lost` takes the whole message, and the connection breaks before it answers. */
export type Behaviour = 'accept' | 'refuse-for-now' | 'refuse' | 'lost'

/** A real receiver on loopback, and the channel that sends to it. */
export interface Receiver {
  readonly channel: Channel
  /** What arrived whole, whatever was answered. */
  readonly received: () => readonly { readonly id: string; readonly text: string }[]
  readonly stop: () => Promise<void>
}

export const sampleContent: AlertContent = {
  alertId: '0123456789abcdef',
  createdAt: '2025-10-01T02:00:00.000Z',
  rule: { id: 'sensitive-domestic', label: 'Vấn đề nhạy cảm trên báo chí trong nước' },
  department: 'Sở Văn hóa, Thể thao và Du lịch',
  story: '[Bài mẫu] Lũ quét ở xã Nậm Lúc',
  article: {
    id: 'a1',
    version: 1,
    roundUp: false,
    title: '[Bài mẫu] Lũ quét ở Lào Cai – “hai người mất tích”',
    outlet: 'VnExpress',
    language: 'vi',
    published: '2025-10-01T01:30:00.000Z',
    url: 'https://vnexpress.example/lu-quet-1.html?a=1&b=2',
  },
  change: null,
  causes: [
    {
      by: 'words',
      label: 'Thương vong',
      words: [
        { text: 'lũ quét', field: 'title', articleId: 'a1' },
        { text: 'mất tích', field: 'lead', articleId: 'a1' },
      ],
    },
  ],
  link: 'http://127.0.0.1:8080/articles/a1',
  province: 'Lào Cai',
}

const id = 'alert-0123456789abcdef-test@lao-cai.press-monitor'

/** What every channel promises. */
export function channelContract(name: string, start: (behaviour: Behaviour) => Promise<Receiver>): void {
  describe(`channel ${name}`, () => {
    let receiver: Receiver | null = null
    const to = async (behaviour: Behaviour): Promise<Receiver> => {
      receiver = await start(behaviour)
      return receiver
    }
    afterEach(async () => {
      await receiver?.stop()
      receiver = null
    })

    it('confirms what the receiver took, and delivers every character of it', async () => {
      const { channel, received } = await to('accept')
      expect(await channel.send({ id, content: sampleContent, resent: false })).toEqual({
        state: 'confirmed',
        note: null,
      })
      expect(received()).toHaveLength(1)
      const [message] = received()
      expect(message?.id).toBe(id)
      for (const words of [sampleContent.article.title, 'VnExpress', sampleContent.article.url, 'lũ quét', 'mất tích'])
        expect(message?.text).toContain(words)
      expect(message?.text).toContain(sampleContent.link)
    })

    it('names the story where a person named it, and is silent of it where nobody did', async () => {
      const { channel, received } = await to('accept')
      await channel.send({ id, content: sampleContent, resent: false })
      await channel.send({ id, content: { ...sampleContent, story: null }, resent: false })
      const named = received().map(({ text }) => text.includes('Lũ quét ở xã Nậm Lúc'))
      expect(named).toEqual([true, false])
      expect(received()[1]?.text).not.toContain('Vụ việc')
    })

    it('sends again under the same id and says so', async () => {
      const { channel, received } = await to('accept')
      await channel.send({ id, content: sampleContent, resent: false })
      await channel.send({ id, content: sampleContent, resent: true })
      expect(received().map((message) => message.id)).toEqual([id, id])
      const [first, second] = received().map(({ text }) => text)
      expect(first).not.toBe(second)
    })

    it('a refusal for now may be tried again', async () => {
      const { channel } = await to('refuse-for-now')
      expect(await channel.send({ id, content: sampleContent, resent: false })).toMatchObject({ state: 'not-sent' })
    })

    it('a refusal for good is final', async () => {
      const { channel } = await to('refuse')
      expect(await channel.send({ id, content: sampleContent, resent: false })).toMatchObject({ state: 'rejected' })
    })

    it('handed over without an answer is unknown, not failed', async () => {
      const { channel, received } = await to('lost')
      expect(await channel.send({ id, content: sampleContent, resent: false })).toMatchObject({ state: 'unknown' })
      expect(received()).toHaveLength(1)
    })

    it('where nobody listens, nothing was sent', async () => {
      const { channel, stop } = await to('accept')
      await stop()
      expect(await channel.send({ id, content: sampleContent, resent: false })).toMatchObject({ state: 'not-sent' })
    })
  })
}
