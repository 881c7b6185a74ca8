import { parseHTML } from 'linkedom'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tone } from '../model.ts'
import type { Arrival, AssessedArticle } from '../store/store.ts'
import { lastDays } from '../web/days.ts'
import { countByDay, figuresOf, storyGroups, toneOf } from '../web/digest.ts'
import { type BusyOffice, openBusyOffice, textsOf } from './support/busy-office.ts'
import { visitor } from './support/web.ts'
import { SAMPLES } from './support/web-samples.ts'

let office: BusyOffice['office']
let analyst: BusyOffice['analyst']
let flood: BusyOffice['flood']
let hostile: BusyOffice['hostile']

beforeAll(async () => {
  ;({ office, analyst, flood, hostile } = await openBusyOffice())
})
afterAll(() => office.close())

const pages = (): readonly string[] => [
  '/',
  '/?days=7',
  '/search',
  '/search?q=lao+cai',
  '/search?q=khongcogica',
  `/articles/${flood}`,
  `/articles/${hostile}`,
  '/stories',
  '/stories/flood',
  '/reports',
  '/reports/r1',
  '/alerts',
  '/outlets',
  '/runs',
  '/account',
]

describe('every page', () => {
  it('answers, names itself once and says that it rests on published press', async () => {
    for (const path of pages()) {
      const { status, body } = await analyst.get(path)
      expect(status, path).toBe(200)
      const { document } = parseHTML(body)
      expect(document.querySelectorAll('h1').length, path).toBe(1)
      expect(document.querySelector('title')?.textContent, path).toMatch(/\S+ · Theo dõi báo chí Lào Cai$/)
      expect(document.querySelector('html')?.getAttribute('lang'), path).toBe('vi')
      expect(document.querySelector('footer')?.textContent, path).toContain(office.profile.notice.vi)
    }
  })

  it('gives every control a label and every link and button a name', async () => {
    for (const path of ['/login', ...pages()]) {
      const { body } = await (path === '/login' ? visitor(office.url) : analyst).get(path)
      const { document } = parseHTML(body)
      const labelled = new Set([...document.querySelectorAll('label')].map((label) => label.getAttribute('for')))
      for (const control of document.querySelectorAll('input:not([type=hidden]):not([hidden]), select, textarea')) {
        const id = control.getAttribute('id')
        expect(id && labelled.has(id), `${path}: ${control.outerHTML.slice(0, 120)}`).toBeTruthy()
      }
      for (const named of document.querySelectorAll('a, button')) {
        const name = named.getAttribute('aria-label') ?? named.textContent ?? ''
        expect(name.trim(), `${path}: ${named.outerHTML.slice(0, 120)}`).not.toBe('')
      }
      const ids = [...document.querySelectorAll('[id]')].map((node) => node.getAttribute('id'))
      expect(
        ids.filter((id, at) => ids.indexOf(id) !== at),
        path,
      ).toEqual([])
    }
  })

  it('has the same texts in English, once the visitor asks for it', async () => {
    const other = visitor(office.url)
    await other.login()
    const changed = await other.post('/language', { locale: 'en', back: '/search?q=lao+cai' }, '/')
    expect(changed.location).toBe('/search?q=lao+cai')
    const { body } = await other.get('/')
    expect(textsOf(body, 'h1')).toEqual(['What the press writes about the province'])
    expect(body).toContain(office.profile.notice.en)
  })
})

describe('the home page', () => {
  it('counts the press apart from others and puts the sensitive first, with the words that made it so', async () => {
    const { body } = await analyst.get('/')
    const figures = textsOf(body, '.figures .figure-value')
    expect(figures.slice(0, 3)).toEqual(['2', '1', '2'])
    const [attention, outstanding] = parseHTML(body).document.querySelectorAll('.home-main section')
    expect(attention?.textContent).toContain('Bài mẫu: Lũ quét trong đêm ở Lào Cai')
    expect(attention?.querySelector('.because')?.textContent).toContain('mất tích')
    expect(outstanding?.textContent).not.toContain('Lũ quét')
  })
})

describe('search', () => {
  const titles = async (query: string): Promise<string[]> =>
    textsOf((await analyst.get(`/search?${query}`)).body, '.hit h2')

  it('finds with and without accents, and Chinese', async () => {
    expect(await titles('q=lao+cai+l%C5%A9+qu%C3%A9t')).toEqual([SAMPLES[0]?.title])
    expect(await titles('q=lao+cai+lu+quet')).toEqual([SAMPLES[0]?.title])
    expect(await titles('q=%E8%80%81%E8%A1%97')).toEqual([SAMPLES[1]?.title])
  })

  it('begins with what is relevant, says so, and lets it be taken away', async () => {
    const { body } = await analyst.get('/search?q=B%C3%A0i+m%E1%BA%ABu')
    const { document } = parseHTML(body)
    expect(textsOf(body, '.hit h2')).toEqual([SAMPLES[0]?.title])
    const removal = document.querySelector('.conditions a')
    expect(removal?.textContent).toContain('Liên quan đến tỉnh')
    const wider = await analyst.get(removal?.getAttribute('href') ?? '')
    expect(textsOf(wider.body, '.hit h2').toSorted()).toEqual([SAMPLES[0]?.title, SAMPLES[3]?.title].toSorted())
  })

  it('narrows by facets, which show their counts', async () => {
    const { body } = await analyst.get('/search')
    const facet = [...parseHTML(body).document.querySelectorAll('.facet a')].find((link) =>
      link.textContent?.includes('Nước ngoài'),
    )
    expect(facet?.querySelector('.count')?.textContent).toBe('1')
    const narrowed = await analyst.get(facet?.getAttribute('href') ?? '')
    expect(textsOf(narrowed.body, '.hit h2')).toEqual([SAMPLES[1]?.title])
  })

  it('takes days of the province, both included', async () => {
    // 22:00 UTC on 2 October is 3 October in the province.
    expect(await titles('from=2025-10-03&to=2025-10-03')).toHaveLength(3)
    expect(await titles('to=2025-10-02')).toEqual([])
  })

  it('keeps its state in one canonical address', async () => {
    const { status, location } = await analyst.get('/search?q=lao+cai&origin=&tone=negative&page=1&relevance=relevant')
    expect([status, location]).toEqual([303, '/search?q=lao+cai&tone=negative'])
    const enhanced = await analyst.get('/search?q=lao+cai&origin=&tone=negative', { 'hx-request': 'true' })
    expect([enhanced.status, enhanced.headers.get('hx-push-url')]).toEqual([200, '/search?q=lao+cai&tone=negative'])
  })

  it('offers to swap two days that stand the wrong way round', async () => {
    const { body } = await analyst.get('/search?q=x&from=2025-10-05&to=2025-10-01')
    expect(textsOf(body, '.empty li')[0]).toContain('“Từ ngày” đang sau “Đến ngày”')
    const [link] = [...parseHTML(body).document.querySelectorAll('.empty li a')]
    expect(link?.getAttribute('href')).toBe('/search?q=x&from=2025-10-01&to=2025-10-05')
  })

  it('names what it does not understand instead of searching wider in silence', async () => {
    const { body } = await analyst.get('/search?topic=nonsense&from=2025-02-30')
    expect(textsOf(body, '.notice.problem').join()).toContain('topic=nonsense, from=2025-02-30')
  })

  it('helps when nothing is found', async () => {
    const { body } = await analyst.get('/search?q=khongcogica&tone=negative')
    expect(textsOf(body, '.empty').join()).toContain('bỏ “Tiêu cực”')
    expect((await analyst.get('/search?q=lao+cai&page=400')).body).toContain('Về trang đầu')
  })

  it('knows no byline: neither as text, facet nor filter', async () => {
    expect(await titles('q=%22T%C3%AAn+T%C3%A1c+Gi%E1%BA%A3+M%E1%BA%ABu%22')).toEqual([])
    expect((await analyst.get('/search?q=lao+cai')).body).not.toContain('Tên Tác Giả Mẫu')
    expect((await analyst.get(`/articles/${flood}`)).body).toContain('Tên Tác Giả Mẫu')
  })
})

describe('what the pages count', () => {
  const arrival = (id: string, outletId: string, storyId: string, change: Partial<Arrival> = {}): Arrival =>
    ({
      ...{ id, outletId, storyId, title: `Bài mẫu ${id}`, language: 'vi', sensitive: false },
      ...{ published: '2025-09-30T10:00:00.000Z', firstSeen: '2025-10-01T10:00:00.000Z', ...change },
    }) as Arrival

  it('is the press by its origin, all others beside it, on the day on which an article was first seen', () => {
    const other = office.profile.outletDefinitions.find((outlet) => outlet.class !== 'press')?.id ?? ''
    const articles = [arrival('a', 'vnexpress', 's'), arrival('b', 'scmp', 's'), arrival('c', other, 's')]
    const expected = { domestic: 1, foreign: 1, other: 1 }
    expect(figuresOf(office.profile, articles)).toEqual({ ...expected, sensitive: 0 })
    expect(countByDay(office.profile, articles, ['2025-09-30', '2025-10-01'])).toEqual([
      { day: '2025-09-30', domestic: 0, foreign: 0, other: 0 },
      { day: '2025-10-01', ...expected },
    ])
  })

  it('is shown for the days up to today, as the province counts them', () => {
    const evening = new Date('2025-10-01T17:30:00.000Z')
    expect(lastDays(evening, 3)).toEqual(['2025-09-30', '2025-10-01', '2025-10-02'])
  })

  it('begins with the story that most outlets carried, however often one of them told another', () => {
    const often = ['a', 'b', 'c'].map((id) => arrival(id, 'vnexpress', 'often'))
    const widely = ['vnexpress', 'tuoitre'].map((outlet) => arrival(outlet, outlet, 'widely'))
    const groups = storyGroups(office.profile, [...often, ...widely], new Map())
    expect(groups.map(({ storyId, outlets }) => [storyId, outlets])).toEqual([
      ['widely', 2],
      ['often', 1],
    ])
  })

  it('of two tones that are as frequent the graver stands for a story', () => {
    const toned = (...tones: readonly Tone[]) =>
      toneOf(tones.map((tone) => ({ assessment: { tone } }) as unknown as AssessedArticle))
    expect(toned()).toBeNull()
    expect(toned('neutral', 'negative')).toBe('negative')
    expect(toned('neutral', 'positive')).toBe('positive')
    expect(toned('neutral', 'neutral', 'negative')).toBe('neutral')
  })
})
