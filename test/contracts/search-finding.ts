import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { type IndexRoom, marked, sampleDocument } from '../support/index-room.ts'

/** Of the search index: which documents answer a query. */
export function finding({ put, search, find }: IndexRoom): void {
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
      await put(sampleDocument('a', { title: 'Hòa bình ở Mỹ Lý' }), sampleDocument('b', { title: 'Hoà bình ở Mĩ Lí' }))
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
      expect(result.hits.map(({ id }) => id)).toEqual(['long'])
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
}
