import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scriptOptions } from '../../cli/script-options.ts'
import { isoWeek } from '../../reports/period.ts'
import { loadSamples, shiftIntoWeek, streamArticles } from './articles.ts'
import { midnight, play, wholeWeeks } from './play.ts'

/** `npm run replay -- --from 2025-09-29 --to 2025-10-05`: a real week over HTTP, under a simulated clock. */

const root = join(import.meta.dirname, '..', '..')
const stream = join(root, '..', 'shared', 'data', 'news-stream-vi.jsonl.gz')
const values = scriptOptions('npm run replay --', {
  from: { type: 'string', value: 'day', default: '2025-09-29' },
  to: { type: 'string', value: 'day', default: '2025-10-05' },
  out: { type: 'string', value: 'folder', default: join(root, 'out') },
  'step-hours': { type: 'string', value: 'hours', default: '3' },
  json: { type: 'boolean', default: false },
})

if (!existsSync(stream)) {
  console.error(`The recorded stream is absent (${stream}): the replay needs it. "npm run demo" plays our own samples.`)
  process.exit(1)
}

const say = (text: string): void => {
  if (!values.json) console.log(text)
}
const stepHours = Number(values['step-hours'])
const [from, to] = [midnight(values.from), new Date(midnight(values.to).getTime() + 24 * 3_600_000)]

const domestic = await streamArticles(stream, values.from, values.to)
const foreign = (await loadSamples()).filter((sample) => sample.language !== 'vi')
const articles = [...domestic, ...shiftIntoWeek(foreign, values.from)]
say(`${domestic.length} recorded items and ${foreign.length} foreign samples, ${values.from} to ${values.to}`)

const dataFolder = await mkdtemp(join(tmpdir(), 'press-replay-'))
let peakBytes = 0
const watch = setInterval(() => {
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss())
}, 200)
const started = performance.now()
const played = await play({ articles, start: from, stepHours, trouble: false, dataFolder, env: process.env })
try {
  const { outlets, problems } = await played.run(from, to, stepHours, (at) => {
    if (process.stdout.isTTY && !values.json) process.stdout.write(`\r${at.toISOString().slice(0, 16)}`)
  })
  const collected = performance.now()
  const weeks = wholeWeeks(values.from, values.to, isoWeek)
  const files: string[] = []
  for (const week of weeks) files.push(...(await played.report(week, values.out)))
  const seconds = (performance.now() - started) / 1000

  const { store, profile } = played.monitor
  const relevant = await store.articles.list({ relevance: ['main', 'mention'] })
  const topics = profile.topics
    .map(({ id, label }) => ({
      id,
      label: label.vi,
      articles: relevant.filter(({ assessment }) => assessment?.topics.some((topic) => topic.id === id)).length,
    }))
    .filter((topic) => topic.articles > 0)
    .sort((a, b) => b.articles - a.articles)
  const fetched = [...outlets.values()].reduce((sum, outlet) => sum + outlet.fetched, 0)
  const expected = played.world.collectable(to).length
  const figures = {
    from: values.from,
    to: values.to,
    published: expected,
    articles: await store.articles.count({}),
    fetched,
    feedOnly: [...outlets.values()].reduce((sum, outlet) => sum + outlet.feedOnly, 0),
    relevant: relevant.length,
    main: relevant.filter(({ assessment }) => assessment?.relevance.level === 'main').length,
    sensitive: relevant.filter(({ assessment }) => assessment?.sensitive).length,
    stories: new Set(relevant.map(({ storyId }) => storyId)).size,
    alerts: (await store.alerts.list(1000)).length,
    topics,
    problems: problems.length,
    seconds,
    pagesPerSecond: fetched / ((collected - started) / 1000),
    peakMegabytes: peakBytes / 1024 / 1024,
    files,
  }
  if (values.json) console.log(JSON.stringify(figures))
  else {
    say(
      `\npublished ${figures.published}, articles ${figures.articles} (fetched ${fetched}, feed-only ${figures.feedOnly})`,
    )
    say(
      `relevant ${figures.relevant} (main ${figures.main}), sensitive ${figures.sensitive}, stories ${figures.stories}, alerts ${figures.alerts}`,
    )
    for (const topic of topics) say(`  ${String(topic.articles).padStart(4)}  ${topic.label}`)
    for (const problem of problems.slice(0, 20)) say(`  problem ${problem.code}: ${problem.url}: ${problem.message}`)
    say(
      `${figures.pagesPerSecond.toFixed(1)} pages/s, ${seconds.toFixed(1)} s in all, peak memory ${figures.peakMegabytes.toFixed(0)} MB`,
    )
    for (const file of files) say(file)
  }
} finally {
  clearInterval(watch)
  await played.close()
  await rm(dataFolder, { recursive: true, force: true })
}
