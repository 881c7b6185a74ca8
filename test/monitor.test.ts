import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tellsSeveral } from '../pipeline/round-up.ts'
import type { ReportData } from '../reports/report-data.ts'
import { storyGroups } from '../web/digest.ts'
import { loadSamples, type WorldArticle } from './press-world/articles.ts'
import { type Collected, midnight, type Play, play } from './press-world/play.ts'

/** The main job, end to end: outlets on loopback → archive → articles → index → reports → alerts. */

const [from, to] = [midnight('2025-09-29'), midnight('2025-10-06')]

let folder: string
let played: Play
let samples: readonly WorldArticle[]
let collected: Collected
let mailServer: SMTPServer
const mails: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'monitor-'))
  mailServer = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      let text = ''
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1')
      })
      stream.on('end', () => {
        mails.push(text)
        done()
      })
    },
  })
  await new Promise<void>((resolve) => mailServer.listen(0, '127.0.0.1', resolve))
  const address = mailServer.server.address()
  samples = await loadSamples()
  played = await play({
    articles: samples,
    start: from,
    stepHours: 24,
    trouble: true,
    dataFolder: join(folder, 'data'),
    env: {
      MONITOR_CHROMIUM: '/nonexistent/chromium',
      MONITOR_SMTP_URL: `smtp://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
      MONITOR_SMTP_FROM: 'monitor@laocai.example',
      MONITOR_ALERT_TO: 'press-office@laocai.example',
    },
  })
  collected = await played.run(from, to, 24, () => undefined)
}, 240_000)

afterAll(async () => {
  await played.close()
  await new Promise<void>((resolve) => mailServer.close(() => resolve()))
  await rm(folder, { recursive: true, force: true })
})

describe('the main job', () => {
  it('keeps every article that the outlets published, once', async () => {
    const { store } = played.monitor
    for (const url of played.world.collectable(to)) expect(await store.articles.byUrl(url), url).not.toBeNull()
    const titles = new Set((await store.articles.list({})).map(({ title }) => title.normalize('NFC')))
    for (const sample of samples) expect(titles, sample.id).toContain(sample.title.normalize('NFC'))
  })

  it('records what could not be read as what it is, and goes on', () => {
    const codes = collected.problems.map(({ code }) => code)
    expect(codes).toEqual(expect.arrayContaining(['feed.not-a-feed', 'page.empty', 'fetch.too-large']))
  })

  it('asks no outlet for what its robots.txt forbids, and says who asks', () => {
    const { requests } = played.world
    expect(requests.some(({ path }) => path === '/robots.txt')).toBe(true)
    expect(requests.filter(({ path }) => /^\/(tim-kiem|search)|^\/vi\/bai-viet\/.*\/in$/.test(path))).toEqual([])
    for (const { userAgent, path } of requests) expect(userAgent, path).toMatch(/press-world@example\.org/)
  })

  it('answers searches with and without accents and in Chinese', async () => {
    const search = async (text: string) =>
      (await played.monitor.index.search({ text, filters: {}, sort: 'rank', offset: 0, limit: 5 })).hits
    expect((await search('lao cai lũ quét'))[0]?.title.text).toMatch(/lũ quét/i)
    expect((await search('老街'))[0]?.document.language).toBe('zh')
  })

  it('raises one alert per rule and story and mails each once', async () => {
    const { store } = played.monitor
    const alerts = await store.alerts.list(1000)
    expect(alerts.length).toBeGreaterThan(0)
    expect(new Set(alerts.map(({ ruleId, storyId }) => `${ruleId} ${storyId}`)).size).toBe(alerts.length)
    const ids = mails.map((mail) => /^Message-ID: (.+)$/im.exec(mail)?.[1])
    expect(new Set(ids).size).toBe(mails.length)
    expect(mails.length).toBe(alerts.length)
    played.clock.advance(60_000)
    await played.monitor.collect({ all: true })
    expect(mails.length, 'nothing is sent again').toBe(alerts.length)
  })

  it('tells columns of several events as what they are, in alerts, on the pages and in the summary', async () => {
    const { store, profile } = played.monitor
    const columns = samples.filter(({ id }) => id.startsWith('vi-column-'))
    const [evening, morning] = columns.map(({ title }) => title)
    const articles = (await store.articles.list({})).filter(({ title }) => tellsSeveral(title))
    expect(articles.map(({ title }) => title).sort()).toEqual([morning, evening].sort())
    const alerts = await store.alerts.list(1000)
    const sensitive = articles.find(({ title }) => title === morning)
    expect(alerts.some(({ articleId }) => articleId === sensitive?.id)).toBe(true)
    // Quoted-printable breaks lines anywhere.
    const plain = mails
      .map((mail) => mail.replaceAll(/=\r?\n/g, ''))
      .filter((mail) => mail.includes(sensitive?.id ?? '-'))
    expect(plain.some((mail) => mail.includes('(B=C3=A0i t=E1=BB=95ng h=E1=BB=A3p'))).toBe(true)
    const arrived = await store.volume.arrivals(from.toISOString(), ['main', 'mention'])
    const groups = storyGroups(profile, arrived, new Map()).filter(({ column }) => column)
    expect(groups.flatMap((group) => group.articles.map(({ title }) => title)).sort()).toEqual(
      [morning, evening].sort(),
    )
    const { record } = await played.monitor.composeReport('domestic-week', '2025-W40')
    const { roundUps, sensitive: matters, highlights }: ReportData = JSON.parse(record.data)
    expect(roundUps.map(({ article, sensitive: is }) => [article.title, is])).toEqual([
      [evening, false],
      [morning, true],
    ])
    const told = [...matters, ...highlights.flatMap((topic) => topic.matters)].map(({ article }) => article.title)
    expect(told.filter(tellsSeveral)).toEqual([])
  })

  it('raises no alert by the title of a page without text', async () => {
    const { store } = played.monitor
    const empty = (await store.articles.list({})).filter(({ text }) => text === '')
    expect(empty.map(({ title }) => title)).toContain('Lào Cai: trang không có chữ nào (mẫu)')
    const alerts = new Set((await store.alerts.list(1000)).map(({ articleId }) => articleId))
    expect(empty.filter(({ id }) => alerts.has(id))).toEqual([])
  })

  it('writes both departments’ summaries; without a Chromium it says how to get the PDF', async () => {
    const files = await played.report('2025-W40', join(folder, 'out'))
    const names = files.map((file) => file.split(/[/\\]/).at(-1))
    for (const report of ['domestic-week', 'foreign-week'])
      for (const format of ['html', 'docx']) expect(names).toContain(`${report}-2025-W40.${format}`)
    const { problems } = await played.monitor.composeReport('domestic-week', '2025-W40')
    expect(problems.map(({ format, remedy }) => [format, remedy])).toEqual([
      ['pdf', expect.stringMatching(/MONITOR_CHROMIUM/)],
    ])
    const html = await readFile(files.find((file) => file.endsWith('domestic-week-2025-W40.html')) ?? '', 'utf8')
    for (const part of ['NHẬN ĐỊNH', 'ĐỀ XUẤT', 'Phạm vi theo dõi', 'Nguồn chưa thu thập được'])
      expect(html.toLowerCase()).toContain(part.toLowerCase())
  })
})
