import { DatabaseSync } from 'node:sqlite'
import type { Outlet } from '../model.ts'
import type { Profile } from '../profiles/schema.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { articleMaker } from './made-up-news.ts'

/**
 * A store of so many relevant articles, its tables filled in bulk: topics and places of the profile, made-up words,
 * 3,000 articles a week up to `now` by the outlets given. A fifth of them stand in stories of 100, the others in stories
 * of 5.
 */

const WEEK_MS = 7 * 86_400_000
const A_WEEK = 3000
/** Texts are used again: their words do not matter here, their length does. */
const TEXTS = 2000
const BLOCK = 500
const WIDE = 100
const USUAL = 5

const storyOf = (n: number): string =>
  n % BLOCK < WIDE ? `story-wide-${Math.floor(n / BLOCK)}` : `story-${Math.floor(n / USUAL)}`

function assessmentOf(profile: Profile, n: number, title: string) {
  const { topics, places } = profile
  const pick = <T>(list: readonly T[], at: number): T[] => list.slice(at % list.length, (at % list.length) + 1)
  const words = title.slice(0, 8)
  const named = [...pick(places, n * 13), ...(n % 3 === 0 ? pick(places, n * 29) : [])]
  const evidence = { field: 'title', from: 0, to: words.length, text: words, weight: 1 }
  return {
    relevance: {
      level: n % 3 === 0 ? 'mention' : 'main',
      score: 0.9,
      places: named.map(({ id }) => ({ id, field: 'title', from: 0, to: words.length, text: words })),
    },
    topics: [...pick(topics, n), ...(n % 2 === 0 ? pick(topics, n * 7 + 3) : [])].map(({ id }) => ({ id, score: 0.8 })),
    tone: n % 4 === 0 ? 'negative' : 'neutral',
    sensitive: n % 20 === 0,
    evidence: ['topic', 'topic', 'tone', 'sensitive'].map((cause) => ({ for: cause, ...evidence })),
  }
}

/** Fills the tables of a new store at `file` and opens it. */
export async function filledStore(
  file: string,
  {
    profile,
    outlets,
    count,
    now,
  }: { readonly profile: Profile; readonly outlets: readonly Outlet[]; readonly count: number; readonly now: Date },
): Promise<Store> {
  await (await openStore({ file })).close()
  const raw = new DatabaseSync(file)
  raw.exec('pragma synchronous = off; pragma foreign_keys = off; begin')
  const at = (n: number): string => new Date(now.getTime() - ((count - n) * WEEK_MS) / A_WEEK).toISOString()
  const story = raw.prepare(
    'insert into story (id, title, firstSeen, lastSeen) values (?1, ?2, ?3, ?3) on conflict do update set lastSeen = ?3',
  )
  const article = raw.prepare(`insert into article
    (id, outletId, url, version, published, firstSeen, assessmentId, relevance, tone, sensitive, corrected, storyId)
    values (?1, ?2, ?3, 1, ?4, ?4, ?5, ?6, ?7, ?8, 0, ?9)`)
  const version = raw.prepare(`insert into articleVersion
    (articleId, version, completeness, language, title, lead, text, published, publishedBy, extractedBy, doubts, seenAt)
    values (?1, 1, 'full', 'vi', ?2, ?3, ?4, ?5, 'json-ld', '{"title":"json-ld"}', '[]', ?5)`)
  const assessment = raw.prepare(`insert into assessment
    (id, articleId, version, step, stepVersion, profileDigest, modelDigest, at, data)
    values (?, ?, 1, 'assess', 1, 'made-up', 'lexicon', ?, ?)`)
  const topic = raw.prepare('insert or ignore into articleTopic values (?, ?, ?)')
  const place = raw.prepare('insert or ignore into articlePlace values (?, ?)')
  const change = raw.prepare('insert into change (articleId) values (?)')
  const make = articleMaker(300)
  const texts = Array.from({ length: Math.min(count, TEXTS) }, (_, n) => make(n))
  for (let n = 0; n < count; n++) {
    const { title, text } = texts[n % texts.length] ?? make(n)
    const [id, published] = [`article-${n}`, at(n)]
    const judged = assessmentOf(profile, n, title)
    story.run(storyOf(n), title, published)
    assessment.run(n + 1, id, published, JSON.stringify(judged))
    const { relevance, tone, sensitive } = judged
    const url = `https://bao.example/${n}`
    const outlet = outlets[(n * 7) % outlets.length]?.id ?? ''
    article.run(id, outlet, url, published, n + 1, relevance.level, tone, sensitive ? 1 : 0, storyOf(n))
    version.run(id, title, text.slice(0, 150), text, published)
    for (const { id: name, score } of judged.topics) topic.run(id, name, score)
    for (const { id: name } of relevance.places) place.run(id, name)
    change.run(id)
  }
  const source = raw.prepare(`insert into source
    (outletId, url, status, lastPolledAt, lastSuccessAt, lastNewItemAt, failures) values (?1, ?2, 'ok', ?3, ?3, ?3, 0)`)
  for (const { id, sources } of outlets) for (const { url } of sources) source.run(id, url, now.toISOString())
  raw.exec('commit')
  raw.close()
  return openStore({ file })
}
