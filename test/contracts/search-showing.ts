import { describe, expect, it } from 'vitest'
import { type IndexRoom, marked, sampleDocument } from '../support/index-room.ts'

/** Of the search index: in which order documents are found, and what is shown of them. */
export function showing({ put, search, find }: IndexRoom): void {
  describe('ranks', () => {
    it('exact accents first, however old and however often the others say it', async () => {
      await put(
        sampleDocument('district', {
          title: 'Bắc Hà: chợ Bắc Hà, đua ngựa Bắc Hà',
          text: 'Bắc Hà. '.repeat(30),
          published: '2025-10-05T00:00:00.000Z',
        }),
        sampleDocument('mint', { title: 'Trồng rau', text: 'Cây bạc hà.', published: '2020-01-01T00:00:00.000Z' }),
      )
      expect(await find('bạc hà')).toEqual(['mint', 'district'])
      expect(await find('bắc hà')).toEqual(['district', 'mint'])
    })

    it('words in the title, and words in order, before words anywhere', async () => {
      await put(
        sampleDocument('title', { title: 'Cao tốc Nội Bài thông xe', text: 'Tin.' }),
        sampleDocument('order', { title: 'Tin', text: 'Trong tin dài có đoạn cao tốc Nội Bài.' }),
        sampleDocument('scattered', { title: 'Tin', text: 'Bài hát cao vút trong nội thành, tốc độ chậm.' }),
      )
      expect(await find('cao toc noi bai')).toEqual(['title', 'order', 'scattered'])
    })

    it('the newest first when asked, and among equals', async () => {
      await put(
        sampleDocument('old', { text: 'gạo nếp', published: '2025-09-01T00:00:00.000Z' }),
        sampleDocument('new', { text: 'gạo nếp', published: '2025-09-03T00:00:00.000Z' }),
        sampleDocument('middle', { title: 'Gạo nếp', text: 'gạo nếp', published: '2025-09-02T00:00:00.000Z' }),
      )
      expect(await find('gạo nếp', { sort: 'newest' })).toEqual(['new', 'middle', 'old'])
      expect(await find('gạo nếp')).toEqual(['middle', 'new', 'old'])
    })

    it('pages that neither overlap nor leave out', async () => {
      await put(...Array.from({ length: 45 }, (_, i) => sampleDocument(`d${i}`, { text: 'ngô khoai sắn' })))
      for (const sort of ['rank', 'newest'] as const) {
        const pages = await Promise.all([0, 20, 40].map((offset) => find('ngô', { offset, sort })))
        expect(pages.map((page) => page.length)).toEqual([20, 20, 5])
        expect(new Set(pages.flat()).size).toBe(45)
      }
      expect(await find('ngô', { offset: 100 })).toEqual([])
      expect((await search('ngô', { limit: 0 })).total).toBe(45)
    })
  })

  describe('shows', () => {
    it('what matched, at its place in the original text', async () => {
      const text = 'Câu mở đầu.\nĐêm qua, LŨ QUÉT tràn về xã Trịnh Tường; nhiều nhà bị cuốn.\nCâu cuối.'
      await put(sampleDocument('a', { title: 'Lũ quét về đêm'.normalize('NFD'), text }))
      const [hit] = (await search('lu quet trinh tuong')).hits
      expect(hit && marked(hit.title).map((part) => part.normalize('NFC'))).toEqual(['Lũ', 'quét'])
      expect(hit && marked(hit.passage)).toEqual(['LŨ', 'QUÉT', 'Trịnh', 'Tường'])
      expect(hit && text.includes(hit.passage.text)).toBe(true)
    })

    it('the passage where most of the query stands', async () => {
      const filler = 'Đoạn này nói về lũ mà thôi. '.repeat(20)
      await put(sampleDocument('a', { text: `${filler}\nỞ đây lũ cuốn trôi cầu treo.\n${filler}` }))
      const [hit] = (await search('lũ cầu treo')).hits
      expect(hit?.passage.text).toBe('Ở đây lũ cuốn trôi cầu treo.')
    })

    it('names of scripts without spaces, also where the text spaces them', async () => {
      await put(
        sampleDocument('zh', { title: '老街省', text: '他说:老街口岸重新开放。' }),
        sampleDocument('ko', { title: '라오까이성', text: '라오 까이에서 열렸다.', language: 'ko' }),
      )
      const [zh] = (await search('老街')).hits
      expect(zh && [marked(zh.title), marked(zh.passage)]).toEqual([['老街'], ['老街']])
      const [ko] = (await search('라오까이')).hits
      expect(ko && [marked(ko.title), marked(ko.passage)]).toEqual([['라오까이'], ['라오 까이']])
    })

    it('exact spellings alone where there are some', async () => {
      await put(sampleDocument('a', { text: 'Xe mà mẹ mua; má đã bán.' }))
      const [hit] = (await search('má')).hits
      expect(hit && marked(hit.passage)).toEqual(['má'])
    })

    it('the beginning when only filters were given, without breaking a word', async () => {
      const text = 'Một hai ba bốn năm sáu bảy tám chín mười. '.repeat(30)
      await put(sampleDocument('a', { lead: 'Lời dẫn.', text }))
      const [hit] = (await search('')).hits
      expect(hit?.passage.highlights).toEqual([])
      expect(hit?.passage.text.startsWith('Lời dẫn.')).toBe(true)
      expect(hit?.passage.text.length).toBeLessThan(400)
      expect(`Lời dẫn.\n${text}`.slice(hit?.passage.text.length, (hit?.passage.text.length ?? 0) + 1)).toBe(' ')
    })

    it('the document without its text', async () => {
      const { lead: _lead, text: _text, ...shown } = sampleDocument('a', { places: ['sa-pa'], storyId: 's1' })
      await put(sampleDocument('a', { places: ['sa-pa'], storyId: 's1' }))
      expect((await search('')).hits[0]?.document).toEqual(shown)
    })
  })
}
