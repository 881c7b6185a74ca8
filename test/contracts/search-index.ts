import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SearchDocument, SearchIndex, SearchQuery, SearchResult, Snippet } from '../../index/search-index.ts'

/** A sample document written for these tests. */
export function sampleDocument(id: string, fields: Partial<SearchDocument>): SearchDocument {
  return {
    id,
    title: `Tin mẫu ${id}`,
    lead: null,
    text: 'Nội dung mẫu.',
    outletId: 'sample-daily',
    outletName: 'Sample Daily',
    origin: 'domestic',
    outletClass: 'press',
    language: 'vi',
    published: '2025-10-01T00:00:00.000Z',
    relevance: 'main',
    topics: [],
    tone: 'neutral',
    sensitive: false,
    places: [],
    storyId: null,
    ...fields,
  }
}

const query = (text: string, more: Partial<SearchQuery> = {}): SearchQuery => ({
  text,
  filters: {},
  sort: 'rank',
  offset: 0,
  limit: 20,
  ...more,
})
const idsOf = (result: SearchResult): string[] => result.hits.map((hit) => hit.id)
const marked = ({ text, highlights }: Snippet): string[] => highlights.map(({ from, to }) => text.slice(from, to))

/** What every search index does, whatever holds it. `open` gives an empty one. */
export function searchIndexContract(name: string, open: () => Promise<SearchIndex>): void {
  describe(`${name}: the search index contract`, () => {
    let index: SearchIndex
    beforeEach(async () => {
      index = await open()
    })
    afterEach(() => index.close())
    const put = (...documents: SearchDocument[]) => index.put(documents, 1)
    const search = (text: string, more: Partial<SearchQuery> = {}) => index.search(query(text, more))
    const find = async (text: string, more: Partial<SearchQuery> = {}) => idsOf(await search(text, more))

    describe('finds', () => {
      it('accented and unaccented text by either spelling', async () => {
        await put(
          sampleDocument('accented', { title: 'Lũ quét ở Lào Cai', text: 'Mưa lớn gây lũ quét.' }),
          sampleDocument('bare', { title: 'Lao Cai: lu quet', text: 'Mua lon.' }),
          sampleDocument('other', { title: 'Lào Cai mở hội', text: 'Ngày hội xuân.' }),
        )
        for (const text of ['lao cai lũ quét', 'lao cai lu quet', 'LÀO CAI LŨ QUÉT', 'Lao Cai  lũ   quét'])
          expect((await find(text)).toSorted(), text).toEqual(['accented', 'bare'])
      })

      it('đ by d and d by đ', async () => {
        await put(
          sampleDocument('stroke', { title: 'Đường Điện Biên', text: 'Sửa đường.' }),
          sampleDocument('bare', { title: 'Duong Dien Bien', text: 'Sua duong.' }),
        )
        expect((await find('duong dien bien')).toSorted()).toEqual(['bare', 'stroke'])
        expect((await find('đường điện biên')).toSorted()).toEqual(['bare', 'stroke'])
      })

      it('decomposed queries and decomposed text', async () => {
        await put(
          sampleDocument('nfc', { title: 'Thị xã Sa Pa đón khách' }),
          sampleDocument('nfd', { title: 'Thị xã Sa Pa đón khách'.normalize('NFD') }),
        )
        for (const text of ['thị xã', 'thị xã'.normalize('NFD'), 'thi xa'])
          expect((await find(text)).toSorted(), text).toEqual(['nfc', 'nfd'])
      })

      it('old and new placement of tones, and final i and y', async () => {
        await put(
          sampleDocument('a', { title: 'Hòa bình ở Mỹ Lý' }),
          sampleDocument('b', { title: 'Hoà bình ở Mĩ Lí' }),
        )
        expect((await find('hoà bình mỹ lý')).toSorted()).toEqual(['a', 'b'])
      })

      it('names in scripts without spaces, inside longer runs', async () => {
        await put(
          sampleDocument('zh', { title: '越南老街省发生洪水', text: '老街省政府。红河水位上涨。', language: 'zh' }),
          sampleDocument('ja', { title: 'ベトナム・ラオカイ省で鉄砲水', text: '被害が出た。', language: 'ja' }),
          sampleDocument('ko', { title: '베트남 라오까이성에서 홍수', text: '피해가 발생했다.', language: 'ko' }),
          sampleDocument('ko-spaced', { title: '베트남 라오 까이', text: '국경 도시.', language: 'ko' }),
          sampleDocument('th', { title: 'น้ำท่วมจังหวัดหล่าวกายเวียดนาม', text: 'ข่าว', language: 'th' }),
          sampleDocument('lo', { title: 'ແຂວງລາວກາຍປະເທດຫວຽດນາມ', text: 'ຂ່າວ', language: 'lo' }),
          sampleDocument('zh-other', { title: '街上的老人', text: '北京。', language: 'zh' }),
        )
        expect(await find('老街')).toEqual(['zh'])
        expect(await find('老街 洪水')).toEqual(['zh'])
        expect((await find('街')).toSorted()).toEqual(['zh', 'zh-other'])
        expect(await find('ラオカイ')).toEqual(['ja'])
        expect((await find('라오까이')).toSorted()).toEqual(['ko', 'ko-spaced'])
        expect((await find('라오 까이')).toSorted()).toEqual(['ko', 'ko-spaced'])
        expect(await find('หล่าวกาย')).toEqual(['th'])
        expect(await find('ລາວກາຍ')).toEqual(['lo'])
      })

      it('words of other scripts with spaces', async () => {
        await put(sampleDocument('ru', { title: 'Наводнение в провинции Лаокай', language: 'ru' }))
        expect(await find('лаокай')).toEqual(['ru'])
      })

      it('words at the very end of a long article', async () => {
        await put(
          sampleDocument('long', { text: `${'Câu này chỉ để kéo dài bài viết. '.repeat(2000)}Cầu Phố Lu thông xe.` }),
        )
        const result = await search('phố lu thông xe')
        expect(idsOf(result)).toEqual(['long'])
        expect(marked(result.hits[0]?.passage ?? { text: '', highlights: [] }).join(' ')).toBe('Phố Lu thông xe')
      })

      it('only documents with all the words', async () => {
        await put(sampleDocument('both', { text: 'ruộng bậc thang' }), sampleDocument('one', { text: 'ruộng lúa' }))
        expect(await find('ruộng bậc')).toEqual(['both'])
        expect(await find('ruộng khoai')).toEqual([])
      })

      it('whole words: cai is not in "cải" of another word\'s middle', async () => {
        await put(sampleDocument('a', { text: 'Cailan là cảng.' }))
        expect(await find('cai')).toEqual([])
      })
    })

    describe('understands', () => {
      beforeEach(() =>
        put(
          sampleDocument('order', { text: 'Vườn quốc gia Hoàng Liên mở cửa.' }),
          sampleDocument('apart', { text: 'Hoàng hôn ở vườn hoa liên hợp, gia đình cả quốc.' }),
        ),
      )

      it('phrases, with any kind of quotes', async () => {
        for (const text of ['"vườn quốc gia"', '“vườn quốc gia”', '«vuon quoc gia»'])
          expect(await find(text), text).toEqual(['order'])
        expect((await find('vườn quốc gia')).toSorted()).toEqual(['apart', 'order'])
      })

      it('exclusion of words and phrases', async () => {
        expect(await find('vườn -hoa')).toEqual(['order'])
        expect(await find('vườn -"quốc gia"')).toEqual(['apart'])
        expect(await find('-hoa')).toEqual(['order'])
      })

      it('a phrase does not reach from the title into the text', async () => {
        await put(sampleDocument('edge', { title: 'Tin về sông', text: 'Hồng thấp nhất năm.' }))
        expect(await find('"sông hồng"')).toEqual([])
      })

      it('hostile text as nothing but text', async () => {
        for (const text of [
          '"',
          "'",
          '"\' OR * NEAR(',
          'vườn AND',
          'NOT vườn',
          'title:vườn',
          '{title text}: x',
          '^vườn*',
          'a) OR (b',
          '--',
          '-',
          '-"',
          '""',
          '\u0000',
          'vườn\u0000hoa',
          '\ud800',
          '%_\\',
          ';drop table document',
          'x'.repeat(100_000),
          'từ '.repeat(5000),
        ])
          await expect(search(text), text.slice(0, 40)).resolves.toBeDefined()
        expect(await find('vườn OR khoai')).toEqual([])
        expect((await find('')).length).toBe(2)
      })

      it('any string at all', async () => {
        await fc.assert(
          fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => {
            const result = await search(text)
            expect(result.hits.length).toBeLessThanOrEqual(result.total)
          }),
          { numRuns: 150 },
        )
      })
    })

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

    describe('filters and counts', () => {
      const documents = [
        sampleDocument('a', {
          text: 'mưa',
          origin: 'foreign',
          outletId: 'x',
          outletClass: 'press',
          language: 'en',
          topics: ['disaster', 'transport'],
          tone: 'negative',
          sensitive: true,
          places: ['sa-pa'],
          relevance: 'main',
          published: '2025-09-29T00:00:00.000Z',
        }),
        sampleDocument('b', {
          text: 'mưa',
          outletId: 'y',
          outletClass: 'own',
          topics: ['disaster'],
          tone: 'positive',
          places: ['bac-ha', 'sa-pa'],
          relevance: 'mention',
          published: '2025-10-01T12:00:00.000Z',
        }),
        sampleDocument('c', { text: 'nắng', outletId: 'y', relevance: 'none', published: '2025-10-06T00:00:00.000Z' }),
      ]
      beforeEach(() => put(...documents))

      it.each([
        [{ origin: 'foreign' }, ['a']],
        [{ outletClass: 'own' }, ['b']],
        [{ outletId: 'y' }, ['b', 'c']],
        [{ language: 'en' }, ['a']],
        [{ topic: 'disaster' }, ['a', 'b']],
        [{ topic: 'transport' }, ['a']],
        [{ topic: 'unknown' }, []],
        [{ tone: 'positive' }, ['b']],
        [{ place: 'sa-pa' }, ['a', 'b']],
        [{ place: 'bac-ha' }, ['b']],
        [{ relevance: 'main' }, ['a']],
        [{ relevance: 'none' }, ['c']],
        [{ relevance: 'relevant' }, ['a', 'b']],
        [{ sensitive: true }, ['a']],
        [{ sensitive: false }, ['b', 'c']],
        [{ from: '2025-10-01T12:00:00.000Z' }, ['b', 'c']],
        [{ to: '2025-10-01T12:00:00.000Z' }, ['a']],
        [{ from: '2025-09-29T00:00:00.000Z', to: '2025-10-06T00:00:00.000Z' }, ['a', 'b']],
        [{ topic: 'disaster', origin: 'domestic' }, ['b']],
      ] as const)('%o', async (filters, expected) => {
        expect((await find('', { filters })).toSorted()).toEqual(expected)
        const withWords = expected.filter((id) => id !== 'c')
        expect((await find('mưa', { filters })).toSorted()).toEqual(withWords)
      })

      it('facets over the whole result, not the page', async () => {
        expect((await search('', { limit: 1 })).facets).toEqual({
          origin: { foreign: 1, domestic: 2 },
          outletId: { x: 1, y: 2 },
          language: { en: 1, vi: 2 },
          topic: { disaster: 2, transport: 1 },
          tone: { negative: 1, positive: 1, neutral: 1 },
        })
        expect((await search('mưa', { filters: { origin: 'domestic' } })).facets).toEqual({
          origin: { domestic: 1 },
          outletId: { y: 1 },
          language: { vi: 1 },
          topic: { disaster: 1 },
          tone: { positive: 1 },
        })
      })

      it('a document that changes leaves its old facets and words', async () => {
        await put({ ...(documents[0] as SearchDocument), topics: ['culture'], tone: 'neutral', text: 'tuyết' })
        const result = await search('', { filters: { outletId: 'x' } })
        expect(result.facets.topic).toEqual({ culture: 1 })
        expect(result.facets.tone).toEqual({ neutral: 1 })
        expect(await find('mưa')).toEqual(['b'])
        expect(await find('tuyết')).toEqual(['a'])
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

    describe('keeps', () => {
      it('a cursor that put and remove set and clear resets', async () => {
        expect(await index.cursor()).toBe(0)
        await index.put([sampleDocument('a', {})], 12)
        expect(await index.cursor()).toBe(12)
        await index.put([], 15)
        expect(await index.cursor()).toBe(15)
        await index.remove(['a'], 16)
        expect(await index.cursor()).toBe(16)
        await index.clear()
        expect(await index.cursor()).toBe(0)
      })

      it('one document per id, and none after removal or clearing', async () => {
        await put(sampleDocument('a', { text: 'một' }), sampleDocument('b', { text: 'một' }))
        await put(sampleDocument('a', { text: 'một' }))
        expect((await search('một')).total).toBe(2)
        await index.remove(['a', 'never-there'], 2)
        expect(await find('một')).toEqual(['b'])
        expect((await search('')).facets.language).toEqual({ vi: 1 })
        await put(sampleDocument('a', { text: 'một' }))
        expect((await find('một')).toSorted()).toEqual(['a', 'b'])
        await index.clear()
        expect((await search('một')).total).toBe(0)
        expect((await search('')).total).toBe(0)
        await put(sampleDocument('c', { text: 'một' }))
        expect(await find('một')).toEqual(['c'])
      })
    })
  })
}
