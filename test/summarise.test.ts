import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contradictions, countsIn } from '../pipeline/contradictions.ts'
import { shortenNames } from '../pipeline/initials.ts'
import { summaryLine, summaryLineSchema } from '../pipeline/story-filters.ts'
import { isStale, keySentenceReader, summarise } from '../pipeline/summarise.ts'

// Sample articles written for these tests.
const ARTICLES = [
  {
    id: 'a',
    version: 2,
    title: 'Sạt lở ở xã Mây Trắng, bốn hộ phải di dời',
    lead: 'Mưa lớn đêm 30/9 gây sạt lở ở xã Mây Trắng, bốn hộ dân với 17 người phải di dời khẩn cấp.',
    text: [
      'Theo phóng viên có mặt tại hiện trường, khối đất đá ước 800 m³ đã vùi lấp một đoạn đường liên thôn.',
      'Ảnh: Sương Mai',
      'Chủ tịch xã Lò Văn Bình nói: “Chúng tôi đưa bà con đi ngay trong đêm, không ai bị thương”.',
      'Lực lượng công an và dân quân đang túc trực, không cho người dân quay lại nhà lấy đồ.',
    ].join('\n'),
    outlet: 'Báo Sương Mai',
    published: '2025-10-01T01:00:00.000Z',
  },
  {
    id: 'b',
    title: 'Di dời 17 người khỏi vùng sạt lở',
    lead: null,
    text: [
      'Bốn hộ dân ở xã Mây Trắng được di dời trong đêm 30/9 sau khi quả đồi phía sau nhà xuất hiện vết nứt dài 60 m.',
      'Tỉnh hỗ trợ mỗi hộ 20 triệu đồng để dựng nhà tạm và cấp gạo trong ba tháng.',
      'Đường liên thôn dự kiến được thông trong ngày 2/10.',
    ].join('\n'),
    outlet: 'Báo Suối Hoa',
    published: '2025-10-01T04:00:00.000Z',
  },
]
const byId = new Map<string, { title: string; lead: string | null; text: string }>(ARTICLES.map((a) => [a.id, a]))
const count = (text: string) => text.trim().split(/\s+/).length

describe('summaries', () => {
  test('quote exactly, keep the length, draw on several outlets and follow time', () => {
    const summary = summarise(ARTICLES, { words: 70 })
    expect(summary.sentences.length).toBeGreaterThan(1)
    expect(count(summary.text)).toBeLessThanOrEqual(70)
    for (const { text, cites } of summary.sentences) {
      expect(cites.length).toBeGreaterThan(0)
      for (const { articleId, field, from, to } of cites)
        expect(byId.get(articleId)?.[field]?.slice(from, to)).toBe(text)
    }
    const cited = summary.sentences.map((sentence) => sentence.cites[0]?.articleId)
    expect(new Set(cited)).toEqual(new Set(['a', 'b']))
    expect(cited.toSorted()).toEqual(cited)
  })

  test('leave out captions and what a reporter puts before the sentence', () => {
    const { text, sentences } = summarise(ARTICLES, { words: 300 })
    expect(text).not.toContain('Theo phóng viên')
    expect(text).not.toContain('Ảnh:')
    expect(sentences.map((sentence) => sentence.text)).toContain(
      'khối đất đá ước 800 m³ đã vùi lấp một đoạn đường liên thôn.',
    )
    expect(text).toContain('Khối đất đá ước 800 m³')
  })

  test('go stale when a source has a new version', () => {
    const summary = summarise(ARTICLES, { words: 60 })
    expect(summary.madeFrom).toEqual([
      { articleId: 'a', version: 2 },
      { articleId: 'b', version: 1 },
    ])
    expect(isStale(summary, new Map([['a', 2]]))).toBe(false)
    expect(isStale(summary, new Map([['a', 3]]))).toBe(true)
  })

  test('fall back to a title, and to nothing, when nothing else fits', () => {
    const short = summarise([{ id: 'x', title: 'Thông đường', text: 'Đã thông.' }], { words: 10 })
    expect(short.sentences).toEqual([
      { text: 'Thông đường', cites: [{ articleId: 'x', version: 1, field: 'title', from: 0, to: 11 }] },
    ])
    expect(summarise([], { words: 50 })).toEqual({ text: '', sentences: [], madeFrom: [] })
  })

  test('the filter cites offsets of the text as given', () => {
    const line = summaryLineSchema.parse({
      id: 's',
      articles: ARTICLES.map(({ id, title, text }) => ({ id, title, text })),
    })
    const out = summaryLine(line, 50)
    expect(Object.keys(out)).toEqual(['id', 'text', 'sentences'])
    for (const { text, cites } of out.sentences)
      for (const { id, from, to } of cites) expect(byId.get(id)?.text.slice(from, to)).toBe(text)
  })

  test('citations are exact and the budget holds for any texts', () => {
    const piece = fc.constantFrom(
      'Mưa',
      'lũ',
      'ở',
      'TP. Lào Cai',
      '1.200',
      '8,5 %',
      '“Đi ngay”',
      'người.',
      'nhà!',
      '\n',
      '老街',
      '…',
      'A.',
      '\u0301',
    )
    const body = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(' '))
    fc.assert(
      fc.property(
        fc.array(fc.record({ title: body, text: body }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 80 }),
        (drawn, words) => {
          const articles = drawn.map((one, i) => ({ ...one, id: `r${i}` }))
          const summary = summarise(articles, { words })
          expect(summary.text === '' ? 0 : count(summary.text)).toBeLessThanOrEqual(words)
          for (const { text, cites } of summary.sentences)
            for (const { articleId, field, from, to } of cites) {
              const article = articles.find((one) => one.id === articleId)
              expect(field === 'lead' ? null : article?.[field].slice(from, to)).toBe(text)
            }
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe('key sentences', () => {
  test('are few, short, exact, and name the place where one does', () => {
    const article = byId.get('b')
    if (!article) throw new Error('the sample is there')
    const at = article.text.indexOf('Đường liên thôn')
    const places = [{ field: 'text' as const, from: at, to: at + 'Đường liên thôn'.length }]
    const sentences = keySentenceReader({ id: 'b', ...article }, places)({ max: 2, maxWords: 45 })
    expect(sentences.length).toBeLessThanOrEqual(2)
    for (const { text, field, from, to } of sentences) expect(article[field]?.slice(from, to)).toBe(text)
    expect(sentences.map((sentence) => sentence.text).join(' ')).toContain('Đường liên thôn')
  })
})

describe('scripts without spaces', () => {
  test('give key sentences too', () => {
    const text = '9月30日,老街省因暴雨发生山体滑坡,四户居民连夜转移。\n当地政府表示,目前没有人员伤亡,道路正在抢修之中。'
    const found = keySentenceReader({ id: 'zh', title: '老街省山体滑坡', text, language: 'zh' })({
      max: 2,
      maxWords: 60,
    })
    expect(found.length).toBeGreaterThan(0)
    for (const { text: sentence, from, to } of found) expect(text.slice(from, to)).toBe(sentence)
  })
})

describe('names of minors, victims and suspects', () => {
  test('become initials by role, age, arrest or what befell them; officials keep theirs', () => {
    const { text, shortened } = shortenNames(
      'Công an khởi tố bị can Hoàng Đình Nam. Nam khai đã đâm nạn nhân Thái Hữu Sơn. Em Giàng Thị Mai, 15 tuổi, chứng kiến vụ việc. Bà Lò Thị Xuân tử vong tại bệnh viện. Chủ tịch xã Lò Văn Bình chia buồn.',
    )
    expect(text).toBe(
      'Công an khởi tố bị can H.Đ.N. N. khai đã đâm nạn nhân T.H.S. Em G.T.M., 15 tuổi, chứng kiến vụ việc. Bà L.T.X. tử vong tại bệnh viện. Chủ tịch xã Lò Văn Bình chia buồn.',
    )
    expect(shortened.map(({ because }) => because)).toEqual(['bị can', 'nạn nhân', '15 tuổi', 'tử vong'])
  })

  test('a year of birth counts by the year of the article; quotations and places stay as printed', () => {
    const born = 'Vàng A Páo (SN 2012) mất liên lạc từ sáng.'
    expect(shortenNames(born, { year: 2025 }).text).toBe('V.A.P. (SN 2012) mất liên lạc từ sáng.')
    expect(shortenNames('Nạn nhân Lào Cai được hỗ trợ.').text).toBe('Nạn nhân Lào Cai được hỗ trợ.')
    const quoted = 'Cháu Vàng A Páo về nhà. Mẹ kể: “Vàng A Páo rất ngoan”.'
    expect(shortenNames(quoted).text).toBe('Cháu V.A.P. về nhà. Mẹ kể: “Vàng A Páo rất ngoan”.')
  })
})

describe('counts on which outlets differ', () => {
  const report = (id: string, outlet: string, published: string, text: string) => ({
    id,
    outlet,
    published,
    title: '',
    text,
  })

  test('are shown with who printed which, and cite the number', () => {
    const articles = [
      report('a', 'A', '2025-10-01T05:00:00.000Z', 'Vụ lật xe làm 9 người chết.'),
      report('b', 'B', '2025-10-01T06:00:00.000Z', 'Tám người tử vong trong vụ lật xe.'),
    ]
    const [found, ...more] = contradictions(articles)
    expect(more).toEqual([])
    expect(found).toMatchObject({ kind: 'dead', grew: false })
    expect(found?.reports.map(({ value, outlet }) => [value, outlet])).toEqual([
      [8, 'B'],
      [9, 'A'],
    ])
    const cite = found?.reports[1]?.citation
    expect(articles[0]?.text.slice(cite?.from, cite?.to)).toBe('9 người chết')
  })

  test('that only grow are told apart, and equal counts are none', () => {
    const early = report('a', 'A', '2025-10-01T05:00:00.000Z', 'Có 3 người mất tích.')
    const late = report('b', 'B', '2025-10-01T09:00:00.000Z', 'Đã có 5 người mất tích.')
    expect(contradictions([early, late])).toMatchObject([{ kind: 'missing', grew: true }])
    expect(contradictions([early, { ...late, text: 'Có ba người mất tích.' }])).toEqual([])
  })

  test('are none of a column, which may count another event', () => {
    const one = report('a', 'A', '2025-10-01T05:00:00.000Z', 'Vụ lật xe làm 9 người chết.')
    const two = report('b', 'B', '2025-10-01T06:00:00.000Z', 'Bão ở nơi khác làm 51 người chết.')
    expect(contradictions([one, two])).toHaveLength(1)
    const title = 'Điểm tin sáng: Bão tan | Lật xe ở đèo Mây | Giá vàng tăng'
    expect(contradictions([one, { ...two, title }])).toEqual([])
  })

  test('of people in hospital and poisoned are two: who is poisoned need not be in hospital', () => {
    const articles = [
      report('a', 'A', '2025-10-01T05:00:00.000Z', '28/34 học sinh nhập viện, số còn lại theo dõi tại trường.'),
      report('b', 'B', '2025-10-01T04:00:00.000Z', 'Hơn 30 học sinh bán trú ở bản Mây nhập viện sau bữa trưa.'),
      report('c', 'C', '2025-10-01T03:00:00.000Z', 'Có 34 em bị ngộ độc.'),
    ]
    const found = contradictions(articles)
    expect(
      found.map(({ kind, reports }) => [kind, reports.map(({ outlet, value, text }) => [outlet, value, text])]),
    ).toEqual([
      [
        'hospitalised',
        [
          ['A', 28, '28/34 học sinh nhập viện'],
          ['B', 30, 'Hơn 30 học sinh bán trú ở bản Mây nhập viện'],
        ],
      ],
    ])
    for (const { citation, text } of found[0]?.reports ?? [])
      expect(articles.find(({ id }) => id === citation.articleId)?.text.slice(citation.from, citation.to)).toBe(text)
  })

  test('of the missing who are found end without a number, and are no disagreement', () => {
    const three = report('a', 'A', '2025-10-01T05:00:00.000Z', 'Có 3 người mất tích.')
    const end = (text: string) => contradictions([three, report('b', 'B', '2025-10-02T05:00:00.000Z', text)])
    for (const text of ['Đã tìm thấy nạn nhân cuối cùng.', 'Đến nay không còn ai mất tích.']) {
      expect(end(text), text).toMatchObject([{ kind: 'missing', grew: false, fell: true }])
      expect(end(text)[0]?.reports.map(({ value }) => value)).toEqual([0, 3])
    }
    expect(end('Chưa tìm thấy nạn nhân cuối cùng.')).toEqual([])
  })
})

describe('printed counts', () => {
  const told = (text: string) => countsIn(text).map(({ kind, value }) => `${kind} ${value}`)

  test.each([
    ['12 người phải nhập viện cấp cứu', ['hospitalised 12']],
    ['Ba cháu bé được đưa vào bệnh viện', ['hospitalised 3']],
    ['28 em trong số 34 học sinh nhập viện', ['hospitalised 28']],
    ['8/12 học sinh nhập viện', ['hospitalised 8']],
    ['34 học sinh nghi ngộ độc thực phẩm phải nhập viện', ['hospitalised 34', 'poisoned 34']],
    ['5 người bị thương được đưa đi cấp cứu', ['injured 5', 'hospitalised 5']],
    ['Số học sinh nhập viện tăng lên 45', ['hospitalised 45']],
    ['Số người chết tăng từ 7 lên 9', ['dead 9']],
    ['Khởi tố 5 bị can', ['arrested 5']],
    ['40 ngôi nhà bị sập', ['houses 40']],
  ])('%s', (text, counts) => expect(told(text)).toEqual(counts))

  test.each([
    'Hai người đưa vợ nhập viện',
    'Nạn nhân được hai người dân đưa đi cấp cứu',
    '3 người dân và nhiều em nhập viện',
    'Lào Cai có 3 bệnh viện',
    'Trao 20 suất quà cho 20 bệnh nhân tại bệnh viện',
    'Sáng 8/12 học sinh nhập học',
  ])('none: %s', (text) => expect(told(text)).toEqual([]))
})
