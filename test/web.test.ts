import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseHTML } from 'linkedom'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { syncIndex } from '../index/project.ts'
import { shareWhileRunning } from '../web/under-way.ts'
import type { Office, Visitor } from './support/web.ts'
import { NOW, openOffice, visitor } from './support/web.ts'
import { SAMPLES } from './support/web-samples.ts'

const text = (body: string, selector: string): string[] =>
  [...parseHTML(body).document.querySelectorAll(selector)].map((node) => (node.textContent ?? '').trim())

let office: Office
let analyst: Visitor
let flood: string
let hostile: string
const composed: string[] = []

beforeAll(async () => {
  office = await openOffice({
    composeReport: async (reportId, periodLabel) => {
      composed.push(`${reportId} ${periodLabel}`)
      if (reportId === 'foreign-week') throw new Error('không có phông chữ')
      return { id: 'r1' }
    },
  })
  const { store, ids, folder, url } = office
  flood = ids[0] ?? ''
  hostile = ids[2] ?? ''
  const alert = await store.alerts.create({
    ruleId: 'sensitive-domestic',
    storyId: 'flood',
    articleId: flood,
    change: null,
    createdAt: NOW.toISOString(),
  })
  if (!alert) throw new Error('the alert was not created')
  const delivery = await store.alerts.intend(alert.id, 'email', '<a@b>', NOW.toISOString())
  await store.alerts.attempt(delivery.id, NOW.toISOString())
  await store.alerts.outcome(delivery.id, 'unknown', null, NOW.toISOString())
  await store.alerts.attempt(delivery.id, NOW.toISOString())
  await store.alerts.outcome(delivery.id, 'confirmed', null, NOW.toISOString())
  await mkdir(join(folder, 'reports'))
  await writeFile(join(folder, 'reports/a.html'), '<!doctype html><style>p{color:red}</style><p>BÁO CÁO')
  await writeFile(join(folder, 'reports/báo cáo.docx'), 'docx bytes')
  const period = { periodFrom: '2025-09-21T17:00:00.000Z', periodTo: '2025-09-28T17:00:00.000Z' }
  const record = { reportId: 'domestic-week', periodLabel: '2025-W39', ...period, composedAt: NOW.toISOString() }
  const files = { html: 'reports/a.html', docx: 'reports/báo cáo.docx', pdf: '../../../../etc/hostname' }
  await store.reports.save({ id: 'r1', ...record, data: '{}', files })
  analyst = visitor(url)
  expect((await analyst.login()).location).toBe('/')
})

afterAll(async () => {
  await office.close()
})

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
    expect(text(body, 'h1')).toEqual(['What the press writes about the province'])
    expect(body).toContain(office.profile.notice.en)
  })
})

describe('the home page', () => {
  it('counts the press apart from others and puts the sensitive first, with the words that made it so', async () => {
    const { body } = await analyst.get('/')
    const figures = text(body, '.figures .figure-value')
    expect(figures.slice(0, 3)).toEqual(['2', '1', '2'])
    const [attention, outstanding] = parseHTML(body).document.querySelectorAll('.home-main section')
    expect(attention?.textContent).toContain('Bài mẫu: Lũ quét trong đêm ở Lào Cai')
    expect(attention?.querySelector('.because')?.textContent).toContain('mất tích')
    expect(outstanding?.textContent).not.toContain('Lũ quét')
  })
})

describe('search', () => {
  const titles = async (query: string): Promise<string[]> =>
    text((await analyst.get(`/search?${query}`)).body, '.hit h2')

  it('finds with and without accents, and Chinese', async () => {
    expect(await titles('q=lao+cai+l%C5%A9+qu%C3%A9t')).toEqual([SAMPLES[0]?.title])
    expect(await titles('q=lao+cai+lu+quet')).toEqual([SAMPLES[0]?.title])
    expect(await titles('q=%E8%80%81%E8%A1%97')).toEqual([SAMPLES[1]?.title])
  })

  it('begins with what is relevant, says so, and lets it be taken away', async () => {
    const { body } = await analyst.get('/search?q=B%C3%A0i+m%E1%BA%ABu')
    const { document } = parseHTML(body)
    expect(text(body, '.hit h2')).toEqual([SAMPLES[0]?.title])
    const removal = document.querySelector('.conditions a')
    expect(removal?.textContent).toContain('Liên quan đến tỉnh')
    const wider = await analyst.get(removal?.getAttribute('href') ?? '')
    expect(text(wider.body, '.hit h2').toSorted()).toEqual([SAMPLES[0]?.title, SAMPLES[3]?.title].toSorted())
  })

  it('narrows by facets, which show their counts', async () => {
    const { body } = await analyst.get('/search')
    const facet = [...parseHTML(body).document.querySelectorAll('.facet a')].find((link) =>
      link.textContent?.includes('Nước ngoài'),
    )
    expect(facet?.querySelector('.count')?.textContent).toBe('1')
    const narrowed = await analyst.get(facet?.getAttribute('href') ?? '')
    expect(text(narrowed.body, '.hit h2')).toEqual([SAMPLES[1]?.title])
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

  it('names what it does not understand instead of searching wider in silence', async () => {
    const { body } = await analyst.get('/search?topic=nonsense&from=2025-02-30')
    expect(text(body, '.notice.problem').join()).toContain('topic=nonsense, from=2025-02-30')
  })

  it('helps when nothing is found', async () => {
    const { body } = await analyst.get('/search?q=khongcogica&tone=negative')
    expect(text(body, '.empty').join()).toContain('bỏ “Tiêu cực”')
    expect((await analyst.get('/search?q=lao+cai&page=400')).body).toContain('Về trang đầu')
  })

  it('knows no byline: neither as text, facet nor filter', async () => {
    expect(await titles('q=%22T%C3%AAn+T%C3%A1c+Gi%E1%BA%A3+M%E1%BA%ABu%22')).toEqual([])
    expect((await analyst.get('/search?q=lao+cai')).body).not.toContain('Tên Tác Giả Mẫu')
    expect((await analyst.get(`/articles/${flood}`)).body).toContain('Tên Tác Giả Mẫu')
  })
})

describe('the article page', () => {
  it('marks the words that caused each judgement and lists them', async () => {
    const { body } = await analyst.get(`/articles/${flood}`)
    const { document } = parseHTML(body)
    const mark = [...document.querySelectorAll('h1 a.ev-sensitive')].map((node) => node.textContent)
    expect(mark).toEqual(['mất tích'])
    expect(document.querySelector('h1')?.textContent).toBe(SAMPLES[0]?.title)
    const why = document.querySelector('.article-text a.ev-tone')
    expect(why?.textContent).toBe('bốn ngôi nhà bị cuốn trôi')
    const row = document.querySelector(why?.getAttribute('href') ?? 'none')
    expect(row?.textContent).toContain('bốn ngôi nhà bị cuốn trôi')
    expect(row?.textContent).toContain('−0,8')
    for (const link of document.querySelectorAll('.evidence .words a')) {
      expect(document.querySelector(link.getAttribute('href') ?? 'none'), link.outerHTML).not.toBeNull()
    }
  })

  it('leads to the original without telling the outlet who reads', async () => {
    const { body } = await analyst.get(`/articles/${flood}`)
    const original = parseHTML(body).document.querySelector('.actions a')
    expect(original?.getAttribute('href')).toMatch(/^https:\/\/vnexpress\.example\//)
    expect(original?.getAttribute('rel')).toBe('noopener noreferrer')
  })

  it('leads to the other articles of its story', async () => {
    const { body } = await analyst.get(`/articles/${flood}`)
    expect(text(body, '.siblings a')).toEqual([SAMPLES[1]?.title])
    expect((await analyst.get('/articles/nothing')).status).toBe(404)
  })
})

describe('corrections', () => {
  const form = (change: Record<string, string | readonly string[]>) => ({
    was_relevance: 'main',
    was_topics: 'disaster_environment',
    was_tone: 'negative',
    was_sensitive: 'yes',
    relevance: 'main',
    topics: ['disaster_environment'],
    tone: 'negative',
    sensitive: 'yes',
    note: '',
    ...change,
  })
  const path = () => `/articles/${office.ids[1]}`
  const current = async () => (await office.store.articles.get(office.ids[1] ?? ''))?.assessment

  it('change nothing when nothing was changed', async () => {
    const { location } = await analyst.post(`${path()}/corrections`, form({}), path())
    expect(location).toBe(`${path()}?done=unchanged`)
    expect(await office.store.assessments.corrections(office.ids[1])).toEqual([])
  })

  it('win over the machine, with who, when and what stood before', async () => {
    const change = { topics: ['disaster_environment', 'foreign_relations'], tone: 'neutral', note: 'Đọc lại toàn văn' }
    await analyst.post(`${path()}/corrections`, form(change), path())
    expect((await current())?.topics.map(({ id }) => id).toSorted()).toEqual([
      'disaster_environment',
      'foreign_relations',
    ])
    expect((await current())?.tone).toBe('neutral')
    const { body } = await analyst.get(path())
    const history = text(body, '.history li').join(' ')
    expect(history).toContain('Nguyễn Thị Hương')
    expect(history).toContain('09:00 03/10/2025')
    expect(history).toMatch(/Sắc thái: Tiêu cực → Trung tính/)
    expect(history).toMatch(/Chủ đề: \+ Đối ngoại/)
    expect(history).toContain('Đọc lại toàn văn')
    expect(text(body, '.corrected').join(' ')).toContain('Máy đánh giá: Tiêu cực')
    const [last] = await office.store.users.actions(1)
    expect(last).toMatchObject({ who: 'huong', action: 'article.correct', detail: 'topics, tone' })
    const { store, index, profile } = office
    await syncIndex({ store, index, outlets: profile.outletDefinitions, places: profile.places })
    expect(text((await analyst.get('/search?topic=foreign_relations')).body, '.hit h2')).toEqual([SAMPLES[1]?.title])
  })

  it('leave alone what a colleague changed meanwhile', async () => {
    // This form was opened before the tone became neutral; only sensitivity is changed in it.
    await analyst.post(`${path()}/corrections`, form({ sensitive: 'no' }), path())
    expect(await current()).toMatchObject({ tone: 'neutral', sensitive: false })
  })

  it('take only what the profile knows', async () => {
    const before = await current()
    await analyst.post(
      `${path()}/corrections`,
      form({ topics: ['nonsense'], was_topics: '', relevance: 'huge' }),
      path(),
    )
    expect(await current()).toEqual(before)
  })
})

describe('stories, alerts, outlets and runs', () => {
  it('show a story over time with every outlet', async () => {
    const { body } = await analyst.get('/stories/flood')
    expect(text(body, '.timeline h3')).toEqual([SAMPLES[0]?.title, SAMPLES[1]?.title])
    expect(text(body, '.timeline .outlet')).toHaveLength(2)
    expect((await analyst.get('/stories/none')).status).toBe(404)
  })

  it('show how sending an alert stands, and that it was sent again', async () => {
    const { body } = await analyst.get('/alerts')
    expect(text(body, '.deliveries .state')).toEqual(['Thư điện tử: đã nhận (gửi lại, lần 2)'])
  })

  it('show the words that raised an alert', async () => {
    const { body } = await analyst.get('/alerts')
    const article = await office.store.articles.get(flood)
    const because = text(body, '.because q')
    expect(because.length).toBeGreaterThan(0)
    for (const word of because) expect(`${article?.title} ${article?.lead} ${article?.text}`).toContain(word)
  })

  it('say of each outlet how collecting stands, those with trouble first', async () => {
    const outlet = office.profile.outletDefinitions.find(({ sources }) => sources.length > 0)
    if (!outlet) throw new Error('the profile follows no outlet with a source')
    for (const { url } of outlet.sources)
      await office.store.sources.save({
        outletId: outlet.id,
        url,
        status: 'failing',
        etag: null,
        lastModified: null,
        bodyDigest: null,
        lastPolledAt: NOW.toISOString(),
        nextPollAt: null,
        lastSuccessAt: null,
        lastNewItemAt: null,
        failures: 3,
        failureWeight: 0.75,
        rhythm: null,
        intervalMs: 900_000,
        lastErrorCode: 'fetch.timeout',
        lastError: 'no answer within 30 s',
      })
    const { body } = await analyst.get('/outlets')
    const [first = ''] = text(body, '.list tbody tr')
    expect(first).toContain(outlet.name)
    expect(first).toContain('Không đọc được')
    expect(first).toContain('Máy chủ của báo không trả lời kịp.')
    expect(body).toContain('title="no answer within 30 s"')
    expect(text(body, '.list tbody tr')).toHaveLength(office.profile.outletDefinitions.length)
  })

  it('say in words what a run found, and show a result of any other form as it is', async () => {
    const { store } = office
    const at = NOW.toISOString()
    const record = async (job: string, outcome: 'done' | 'failed', result: unknown) => {
      const run = await store.runs.begin(job, at, at, 1000)
      if (!run) throw new Error('the run was not begun')
      await store.runs.finish(run.id, outcome, JSON.stringify(result), at)
    }
    const outlet = { polled: 2, notModified: 1, found: 9, fresh: 4, fetched: 3, feedOnly: 1, bytes: 5 }
    const problems = [{ url: 'https://tuoitre.example/a', code: 'extract.empty', message: 'no text' }]
    await record('crawl', 'done', {
      outlets: [
        { outletId: 'vnexpress', ...outlet, problems: [] },
        { outletId: 'tuoitre', ...outlet, problems },
      ],
      waiting: 0,
      stopped: { code: 'disk.low', message: 'the disk is nearly full', remedy: 'Free some space.' },
    })
    await record('report:domestic-week', 'failed', { error: { code: 'x.y', message: 'it broke', remedy: 'Mend it.' } })
    await record('new-job', 'done', { widgets: 12 })
    const rows = text((await analyst.get('/runs')).body, '.list tbody tr')
    const row = (name: string) => rows.find((one) => one.startsWith(name)) ?? ''
    expect(row('Thu thập')).toContain('Hỏi 4 địa chỉ, thấy 8 liên kết mới, đọc 6 bài, 2 bài chỉ có tóm tắt.')
    expect(row('Thu thập')).toContain('the disk is nearly full Free some space.')
    expect(row('Thu thập')).toContain('no text')
    expect(row('Soạn báo cáo: Báo chí trong nước')).toContain('it broke Mend it.')
    expect(row('new-job')).toMatch(/widgets\s*12/)
    expect(text((await analyst.get('/runs?job=crawl')).body, '.list tbody tr')).toHaveLength(1)
  })
})

describe('reports', () => {
  it('are composed on demand and logged', async () => {
    const answer = await analyst.post('/reports', { report: 'domestic-week', period: '2025-W39' }, '/reports')
    expect(answer.location).toBe('/reports/r1?done=1')
    expect(composed).toEqual(['domestic-week 2025-W39'])
    expect((await office.store.users.actions(1))[0]).toMatchObject({ who: 'huong', action: 'report.compose' })
  })

  it('are composed once for all who ask while it is under way', async () => {
    const begun: string[] = []
    const { promise, resolve } = Promise.withResolvers<number>()
    const compose = shareWhileRunning(async (report: string, week: string) => {
      begun.push(`${report} ${week}`)
      if (begun.length === 3) throw new Error('no')
      return promise
    })
    const asked = [compose('a', '1'), compose('a', '1'), compose('a', '2')]
    resolve(7)
    expect(await Promise.all(asked)).toEqual([7, 7, 7])
    expect(begun).toEqual(['a 1', 'a 2'])
    await expect(compose('a', '1')).rejects.toThrow('no')
    expect(await compose('a', '1')).toBe(7)
  })

  it('say why they could not be composed', async () => {
    const answer = await analyst.post('/reports', { report: 'foreign-week', period: '2025-W39' }, '/reports')
    expect(answer.status).toBe(500)
    expect(text(answer.body, '.notice.problem').join()).toContain('không có phông chữ')
    const unknown = await analyst.post('/reports', { report: 'nonsense', period: '2025-W39' }, '/reports')
    expect(unknown.status).toBe(422)
  })

  it('are shown in a sandbox and downloaded under their name, from the data folder only', async () => {
    const shown = await analyst.get('/reports/r1/html')
    expect(shown.headers.get('content-security-policy')).toContain('sandbox')
    expect(shown.headers.get('content-security-policy')).not.toContain('script')
    const file = await analyst.get('/reports/r1/docx')
    expect(file.body).toBe('docx bytes')
    expect(file.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''b%C3%A1o%20c%C3%A1o.docx")
    expect((await analyst.get('/reports/r1/pdf')).status).toBe(404)
    expect((await analyst.get('/reports/r1/exe')).status).toBe(404)
  })
})
