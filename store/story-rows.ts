import { Skip } from '../errors.ts'
import { listOf } from './article-rows.ts'
import type { Db } from './scope.ts'
import { nfc } from './text.ts'

const MOST_TITLE = 300

/** Of an edit that changes no title. */
export const noTitles = { before: null, after: null } as const

export const sameStory = (id: string): Skip =>
  new Skip(`Both are the story ${id}.`, { code: 'story.same', remedy: 'Choose another story.' })

/** The story in which the articles of `id` stand. */
export async function storyAt(db: Db, id: string) {
  const find = (key: string) => db.selectFrom('story').selectAll().where('id', '=', key).executeTakeFirst()
  const named = await find(id)
  const story = named?.mergedInto ? await find(named.mergedInto) : named
  if (!story)
    throw new Skip(`There is no story ${id}.`, {
      code: 'story.unknown',
      remedy: 'Take the address of a story from its page.',
    })
  return story
}

/** Oldest publication first. */
export async function articlesOfStory(db: Db, storyId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('article')
    .select('id')
    .where('storyId', '=', storyId)
    .orderBy('published')
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** The chosen ones, oldest first; refuses when one of them is not of the story. */
export async function membersOf(db: Db, storyId: string, articleIds: readonly string[]): Promise<string[]> {
  const wanted = new Set(articleIds)
  const members = (await articlesOfStory(db, storyId)).filter((id) => wanted.has(id))
  if (members.length === wanted.size && members.length > 0) return members
  throw new Skip(`Not all of the chosen articles belong to the story ${storyId}.`, {
    code: 'story.not-member',
    remedy: 'Choose at least one article of the story as it stands now; a colleague may have moved them.',
  })
}

/** Puts articles where a person wants them. */
export async function put(db: Db, articleIds: readonly string[], storyId: string): Promise<void> {
  await db.updateTable('article').set({ storyId, placed: 1 }).where('id', 'in', listOf(articleIds)).execute()
}

/** First and last seen follow the articles, and when it closes is seen anew; a story left empty keeps its dates. */
export async function redate(db: Db, storyIds: readonly string[]): Promise<void> {
  for (const id of storyIds) {
    const seen = await db
      .selectFrom('article')
      .select((select) => [select.fn.min('firstSeen').as('first'), select.fn.max('firstSeen').as('last')])
      .where('storyId', '=', id)
      .executeTakeFirst()
    const { first = null, last = null } = seen ?? {}
    if (first === null || last === null) continue
    await db
      .updateTable('story')
      .set({ firstSeen: first, lastSeen: last, closedAt: null })
      .where('id', '=', id)
      .execute()
  }
}

/** `story-<article>` is the story that the article opened: one that a person splits off is numbered from 2. */
export async function freeId(db: Db, articleId: string): Promise<string> {
  for (let number = 2; ; number++) {
    const id = `story-${articleId}-${number}`
    const taken = await db.selectFrom('story').select('id').where('id', '=', id).executeTakeFirst()
    if (!taken) return id
  }
}

export function titleOf(text: string): string {
  const title = nfc(text).replace(/\s+/gu, ' ').trim().slice(0, MOST_TITLE)
  if (title === '')
    throw new Skip('A title has at least one character.', { code: 'story.no-title', remedy: 'Write a title.' })
  return title
}

export async function titleOfArticle(db: Db, articleId: string): Promise<string> {
  const row = await db
    .selectFrom('article')
    .innerJoin('articleVersion', (join) =>
      join.onRef('articleVersion.articleId', '=', 'article.id').onRef('articleVersion.version', '=', 'article.version'),
    )
    .select('articleVersion.title')
    .where('article.id', '=', articleId)
    .executeTakeFirstOrThrow()
  return row.title
}
