import { type Clock, type SimulatedClock, simulatedClock } from '../../clock.ts'
import type { CollectorOptions } from '../../crawlers/collect.ts'
import type { Article } from '../../model.ts'
import { canonicalUrl } from '../../pipeline/url.ts'
import { type Crawl, openCrawl } from '../crawling.ts'
import { type Breach, breaches } from './audit.ts'
import type { GeneratedWorld } from './generate.ts'
import { hazardPaths } from './traits.ts'
import { type PressWorld, startPressWorld, type WorldChange } from './world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** A change made at most half a day after publication is met by the visit after a day, and confirmed an hour later. */
const CHANGE_SEEN_MS = 27 * HOUR
/** Publication this late leaves no time to read the page politely. */
const READ_MS = 30 * MINUTE
/** An outlet's pause: the clock goes on by at least so much at a time, since crawlee looks only ten times a real second. */
const COARSE_MS = 5000

export interface WorldCollection {
  readonly world: PressWorld
  readonly crawl: Crawl
  readonly clock: SimulatedClock
  /** Collects until the clock reads `until`, a poll every `stepMinutes`. */
  readonly run: (until: Date, stepMinutes: number, progress?: (at: Date) => void) => Promise<void>
  readonly judge: () => Promise<WorldJudgement>
  readonly close: () => Promise<void>
}

export interface WorldJudgement {
  readonly collectable: number
  /** Addresses of articles that are missing, and of those of which no text was read. */
  readonly missing: readonly string[]
  readonly withoutText: readonly string[]
  /** Articles beyond those published; links to hazards are announced, and stand as announced. */
  readonly doubled: readonly string[]
  readonly expectedEdits: number
  readonly missedEdits: readonly WorldChange[]
  readonly expectedGone: number
  readonly missedGone: readonly WorldChange[]
  /** Articles said to be edited or gone that were not. */
  readonly falseEdits: readonly string[]
  readonly falseGone: readonly string[]
  readonly breaches: readonly Breach[]
  readonly requests: number
}

/** Never shorter than asked for, and long enough that a simulated pause does not cost ten real naps. */
const coarse = (clock: SimulatedClock): Clock => ({
  now: clock.now,
  sleep: (ms, signal) => clock.sleep(Math.max(ms, COARSE_MS), signal),
})

/** A generated world and a collector over it, both under one simulated clock; robots.txt and pauses hold. */
export async function collectWorld(
  generated: GeneratedWorld,
  folder: string,
  change: Partial<CollectorOptions> = {},
): Promise<WorldCollection> {
  const clock = simulatedClock(generated.start)
  const { articles, newsrooms } = generated
  const world = await startPressWorld({ articles, newsrooms, clock, trouble: false })
  const options = { testHosts: world.hosts, impoliteHosts: [], ...change }
  const crawl = await openCrawl(folder, world.outlets, coarse(clock), options)
  return {
    ...{ world, crawl, clock },
    run: async (until, stepMinutes, progress) => {
      const step = stepMinutes * MINUTE
      while (clock.now() < until) {
        await crawl.collector.poll()
        progress?.(clock.now())
        clock.set(new Date((Math.floor(clock.now().getTime() / step) + 1) * step))
      }
      await crawl.collector.poll()
    },
    judge: () => judge(generated, world, crawl, clock.now()),
    close: async () => {
      await crawl.close()
      await world.close()
    },
  }
}

/** Holds what was collected against what a monitor without gaps has by now. */
async function judge(generated: GeneratedWorld, world: PressWorld, crawl: Crawl, now: Date): Promise<WorldJudgement> {
  const kept = await crawl.store.articles.list({})
  const byUrl = new Map(kept.map((article) => [article.url, article]))
  const find = async (url: string): Promise<Article | null> =>
    byUrl.get(canonicalUrl(url)) ?? (await crawl.store.articles.byUrl(canonicalUrl(url)))

  const missing: string[] = []
  const withoutText: string[] = []
  const found = new Map<string, string>()
  const expected = world.collectable(new Date(now.getTime() - READ_MS))
  for (const url of world.collectable(now)) {
    const article = await find(url)
    if (article) found.set(article.id, url)
    else if (expected.includes(url)) missing.push(url)
    if (article && article.completeness === 'feed-only' && expected.includes(url)) withoutText.push(url)
  }
  const hazards = new Set<string>(Object.values(hazardPaths))
  const isHazard = (url: string): boolean => hazards.has(new URL(url).pathname)
  const doubled = kept.filter(({ id, url }) => !found.has(id) && !isHazard(url)).map(({ url }) => url)

  const published = new Map(generated.articles.map((article) => [article.id, Date.parse(article.published)]))
  const changes = world.changes(now)
  const due = changes.filter(
    ({ articleId }) => (published.get(articleId) ?? Number.POSITIVE_INFINITY) + CHANGE_SEEN_MS <= now.getTime(),
  )
  const missedEdits: WorldChange[] = []
  const missedGone: WorldChange[] = []
  const fates = await crawl.store.visits.fates([...found.keys()])
  for (const one of due) {
    const fate = fates.get((await find(one.url))?.id ?? '')
    if (one.kind === 'edit' && (fate?.edits ?? 0) === 0) missedEdits.push(one)
    if (one.kind === 'gone' && (fate?.goneAt ?? null) === null) missedGone.push(one)
  }
  const truly = (kind: WorldChange['kind']): Set<string> =>
    new Set(changes.filter((one) => one.kind === kind).map(({ url }) => url))
  const [edited, gone] = [truly('edit'), truly('gone')]
  const falseEdits: string[] = []
  const falseGone: string[] = []
  for (const [id, url] of found) {
    const fate = fates.get(id)
    if ((fate?.edits ?? 0) > 0 && !edited.has(url)) falseEdits.push(url)
    if ((fate?.goneAt ?? null) !== null && !gone.has(url)) falseGone.push(url)
  }
  return {
    collectable: expected.length,
    ...{ missing, withoutText, doubled, missedEdits, missedGone, falseEdits, falseGone },
    expectedEdits: due.filter(({ kind }) => kind === 'edit').length,
    expectedGone: due.filter(({ kind }) => kind === 'gone').length,
    breaches: breaches(world),
    requests: world.requests.length,
  }
}
