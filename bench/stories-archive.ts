import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { asStoryArticle, followEdits, restoreWindow } from '../crawlers/story-window.ts'
import type { Article } from '../model.ts'
import { createStoryWindow, type StoryWindow } from '../pipeline/stories.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { cpuOf } from './cpu.ts'
import { articleMaker, EVENT_SIZE, START } from './made-up-news.ts'
import type { BenchFigure } from './section.ts'

/**
 * Whether the archive's size costs anything when an article is assigned. A real store, its tables filled in bulk: the
 * window's articles have made-up titles and texts, those older than the window are rows of a few words, a fifth of them
 * opening a story. Assigned the way the collecting program does: people's edits, the window, the store's rows.
 */

const WINDOW = 1000
const ASSIGNED = 320
/** Arrivals that share a transaction. */
const TOGETHER = 32
const DAYS = 30
const SMALL = 1000
/** Three months and more: what a start remembers of silent stories is in it, so that only the archive differs. */
const REMEMBERED = 20_000
const LARGE = process.env.BENCH_SMALL === undefined ? 1_000_000 : 40_000

const make = articleMaker(40)

const COLUMNS = 'id, outletId, url, version, published, firstSeen, corrected, storyId'
const VERSION_COLUMNS =
  'articleId, version, completeness, language, title, text, published, publishedBy, extractedBy, doubts, seenAt'
const AT = `strftime('%Y-%m-%dT%H:%M:%SZ', ${START / 1000} - 86400 * ${DAYS} - n * 600, 'unixepoch')`

/** Rows older than the window, one every ten minutes back from its beginning. */
function fillArchive(raw: DatabaseSync, count: number): void {
  const numbers = `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${count})`
  const story = `'story-old-' || (n - n % ${EVENT_SIZE})`
  raw.exec(`
    begin;
    ${numbers} insert into story (id, title, firstSeen, lastSeen)
      select ${story}, 'tin cũ ' || n, ${AT}, ${AT} from numbers where n % ${EVENT_SIZE} = 0 or n = 1;
    ${numbers} insert into article (${COLUMNS})
      select 'old-' || n, 'outlet-' || n % 40, 'https://tin.example/' || n, 1, ${AT}, ${AT}, 0, ${story} from numbers;
    ${numbers} insert into articleVersion (${VERSION_COLUMNS})
      select 'old-' || n, 1, 'full', 'vi', 'tin cũ ' || n, 'nội dung ' || n, ${AT}, 'feed', '"made-up"', '[]', ${AT} from numbers;
    commit`)
}

/** The window's articles, in stories, and those still to be assigned, in none. */
function fillWindow(raw: DatabaseSync): void {
  const story = raw.prepare('insert into story (id, title, firstSeen, lastSeen) values (?, ?, ?, ?)')
  const article = raw.prepare(`insert into article (${COLUMNS}) values (?, ?, ?, 1, ?, ?, 0, ?)`)
  const version = raw.prepare(
    `insert into articleVersion (${VERSION_COLUMNS}) values (?, 1, 'full', 'vi', ?, ?, ?, 'feed', '"made-up"', '[]', ?)`,
  )
  raw.exec('begin')
  for (let n = 0; n < WINDOW + ASSIGNED; n++) {
    const { id, title, text, outlet, published } = make(n)
    const storyId = n < WINDOW ? `story-${n - (n % EVENT_SIZE)}` : null
    if (storyId !== null && n % EVENT_SIZE === 0) story.run(storyId, title, published, published)
    article.run(id, outlet, `https://bao.example/${n}`, published, published, storyId)
    version.run(id, title, text, published, published)
  }
  raw.exec('commit')
}

async function articlesOf(store: Store): Promise<Article[]> {
  const found = await Promise.all(
    Array.from({ length: ASSIGNED }, (_, n) => store.articles.get(`article-${WINDOW + n}`)),
  )
  return found.flatMap((article) => article ?? [])
}

async function assignAll(store: Store, window: StoryWindow, articles: readonly Article[], edit: number): Promise<void> {
  for (let from = 0; from < articles.length; from += TOGETHER)
    await store.transaction(async (inner) => {
      await followEdits(inner, window, edit)
      for (const article of articles.slice(from, from + TOGETHER)) {
        const decision = window.assign(asStoryArticle(article))
        await inner.stories.assign(decision, article.title, article.firstSeen)
        for (const change of decision.changes) await inner.storyDesk.regroup({ ...change, at: article.firstSeen })
      }
    })
}

/** Processor's milliseconds: one assignment, and filling the window when the program starts. */
async function measured(count: number): Promise<{ assign: number; restore: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-stories-'))
  try {
    const file = join(folder, 'store.sqlite')
    await (await openStore({ file })).close()
    const raw = new DatabaseSync(file)
    raw.exec('pragma synchronous = off')
    if (count > WINDOW) fillArchive(raw, count - WINDOW)
    fillWindow(raw)
    raw.close()

    const store = await openStore({ file })
    const window = createStoryWindow({ days: DAYS })
    const now = new Date(make(WINDOW).published)
    let edit = 0
    const restore = await cpuOf(async () => {
      edit = await restoreWindow(store, window, { now, days: DAYS })
    })
    const articles = await articlesOf(store)
    const assign = (await cpuOf(() => assignAll(store, window, articles, edit))) / articles.length
    await store.close()
    return { assign, restore }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export async function archiveFigures(): Promise<BenchFigure[]> {
  await measured(SMALL)
  const small = await measured(SMALL)
  const remembered = await measured(REMEMBERED)
  const large = await measured(LARGE)
  const count = LARGE.toLocaleString('en')
  return [
    {
      name: 'assign and store, 1,000 articles in the store (CPU)',
      value: small.assign,
      unit: 'ms',
      target: { max: 10 },
    },
    {
      name: `assign and store, ${count} articles in the store (CPU)`,
      value: large.assign,
      unit: 'ms',
      target: { max: 20 },
    },
    {
      name: `window filled at start, ${count} to ${REMEMBERED.toLocaleString('en')} in the store`,
      value: large.restore / remembered.restore,
      unit: '×',
      target: { max: 1.5 },
    },
  ]
}
