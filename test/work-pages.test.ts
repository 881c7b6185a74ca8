import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shareWhileRunning } from '../web/under-way.ts'
import { type BusyOffice, openBusyOffice, textsOf } from './support/busy-office.ts'
import { NOW } from './support/web.ts'
import { SAMPLES } from './support/web-samples.ts'

let office: BusyOffice['office']
let analyst: BusyOffice['analyst']
let flood: BusyOffice['flood']
let composed: BusyOffice['composed']

beforeAll(async () => {
  ;({ office, analyst, flood, composed } = await openBusyOffice())
})
afterAll(() => office.close())

describe('stories, alerts, outlets and runs', () => {
  it('show a story over time with every outlet', async () => {
    const { body } = await analyst.get('/stories/flood')
    expect(textsOf(body, '.timeline h3')).toEqual([SAMPLES[0]?.title, SAMPLES[1]?.title])
    expect(textsOf(body, '.timeline .outlet')).toHaveLength(2)
    expect((await analyst.get('/stories/none')).status).toBe(404)
  })

  it('show how sending an alert stands, and that it was sent again', async () => {
    const { body } = await analyst.get('/alerts')
    expect(textsOf(body, '.deliveries .state')).toEqual(['Thư điện tử: đã nhận (gửi lại, lần 2)'])
  })

  it('show the words that raised an alert', async () => {
    const { body } = await analyst.get('/alerts')
    const article = await office.store.articles.get(flood)
    const because = textsOf(body, '.because q')
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
    const [first = ''] = textsOf(body, '.list tbody tr')
    expect(first).toContain(outlet.name)
    expect(first).toContain('Không đọc được')
    expect(first).toContain('Máy chủ của báo không trả lời kịp.')
    expect(body).toContain('title="no answer within 30 s"')
    expect(textsOf(body, '.list tbody tr')).toHaveLength(office.profile.outletDefinitions.length)
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
    const rows = textsOf((await analyst.get('/runs')).body, '.list tbody tr')
    const row = (name: string) => rows.find((one) => one.startsWith(name)) ?? ''
    expect(row('Thu thập')).toContain('Hỏi 4 địa chỉ, thấy 8 liên kết mới, đọc 6 bài, 2 bài chỉ có tóm tắt.')
    expect(row('Thu thập')).toContain('the disk is nearly full Free some space.')
    expect(row('Thu thập')).toContain('no text')
    expect(row('Soạn báo cáo: Báo chí trong nước')).toContain('it broke Mend it.')
    expect(row('new-job')).toMatch(/widgets\s*12/)
    expect(textsOf((await analyst.get('/runs?job=crawl')).body, '.list tbody tr')).toHaveLength(1)
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
    expect(textsOf(answer.body, '.notice.problem').join()).toContain('không có phông chữ')
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
