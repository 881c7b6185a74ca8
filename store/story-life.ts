import { sql } from 'kysely'
import { iso } from '../clock.ts'
import type { Instant } from '../model.ts'
import { QUIET_DAYS } from '../pipeline/story-life.ts'
import type { Db } from './scope.ts'
import { type StoryArticleRecord, storyArticleOf, storyArticles } from './story-articles.ts'

/** A story that had been closed and went on. */
export interface StoryReopening {
  /** The article that opened it again. */
  readonly articleId: string
  readonly closedAt: Instant
  /** When that article was published. */
  readonly reopenedAt: Instant
  readonly seenAt: Instant
}

export interface RememberedStories {
  /** Stories of at least so many articles, also those that still go on. */
  readonly grown: readonly string[]
  /** The last articles of those that went silent, oldest first. */
  readonly last: readonly StoryArticleRecord[]
}

const QUIET_MS = QUIET_DAYS * 86_400_000
const later = (at: Instant): Instant => iso(new Date(Date.parse(at) + QUIET_MS))

/**
 * An article comes into a story that stands. Where the story had been silent for long enough before it, its closing and
 * re-opening are recorded. By publication, not arrival: a page that is found late did not break the silence.
 */
export async function goOn(db: Db, storyId: string, articleId: string, seenAt: Instant): Promise<void> {
  const before = await db
    .selectFrom('article')
    .select((select) => select.fn.max('published').as('last'))
    .where('storyId', '=', storyId)
    .where('id', '!=', articleId)
    .executeTakeFirst()
  const { published } = await db
    .selectFrom('article')
    .select('published')
    .where('id', '=', articleId)
    .executeTakeFirstOrThrow()
  const last = before?.last ?? null
  if (last !== null && Date.parse(published) - Date.parse(last) > QUIET_MS)
    await db
      .insertInto('storyReopening')
      .values({ storyId, articleId, closedAt: later(last), reopenedAt: published, seenAt })
      .execute()
  await openAgain(db, storyId)
}

/** Its articles changed: when it closes is to be seen anew. */
export async function openAgain(db: Db, storyId: string): Promise<void> {
  await db
    .updateTable('story')
    .set({ closedAt: null })
    .where('id', '=', storyId)
    .where('closedAt', 'is not', null)
    .execute()
}

export async function closeQuiet(db: Db, now: Date): Promise<number> {
  const cutoff = iso(new Date(now.getTime() - QUIET_MS))
  const last = sql<string>`coalesce((select max(published) from article where article.storyId = story.id), story.lastSeen)`
  const closed = await db
    .updateTable('story')
    .set({ closedAt: sql<string>`strftime('%Y-%m-%dT%H:%M:%fZ', ${last}, ${`+${QUIET_DAYS} days`})` })
    .where('closedAt', 'is', null)
    .where('mergedInto', 'is', null)
    .where('lastSeen', '<', cutoff)
    .where(last, '<', cutoff)
    .executeTakeFirst()
  return Number(closed.numUpdatedRows)
}

export async function reopeningsOf(db: Db, storyId: string): Promise<StoryReopening[]> {
  return db
    .selectFrom('storyReopening')
    .innerJoin('article', 'article.id', 'storyReopening.articleId')
    .select([
      'storyReopening.articleId',
      'storyReopening.closedAt',
      'storyReopening.reopenedAt',
      'storyReopening.seenAt',
    ])
    .where('storyReopening.storyId', '=', storyId)
    .where('article.storyId', '=', storyId)
    .orderBy('storyReopening.id')
    .execute()
}

export async function remembered(
  db: Db,
  { from, to, least }: { from: Instant; to: Instant; least: number },
): Promise<RememberedStories> {
  // Story by story: grouped, it would walk through the articles of the whole archive.
  const count = sql<number>`(select count(*) from article where article.storyId = story.id)`
  const grown = await db
    .selectFrom('story')
    .select(['story.id', sql<string>`(select max(published) from article where article.storyId = story.id)`.as('last')])
    .where('story.lastSeen', '>=', from)
    .where('story.mergedInto', 'is', null)
    .where(count, '>=', least)
    .execute()
  const last: StoryArticleRecord[] = []
  for (const story of grown.filter((one) => one.last >= from && one.last < to)) {
    const row = await storyArticles(db)
      .where('article.storyId', '=', story.id)
      .where('article.published', '=', story.last)
      .orderBy('article.id', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (row) last.push(...storyArticleOf(row))
  }
  last.sort((a, b) => a.article.published.localeCompare(b.article.published))
  return { grown: grown.map(({ id }) => id), last }
}
