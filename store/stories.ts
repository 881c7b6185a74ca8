import type { Story } from '../model.ts'
import { articleOf, currentVersions } from './article-rows.ts'
import { recordChange } from './changes.ts'
import type { Db, Scope } from './scope.ts'
import type { Stories } from './store.ts'
import { nfc } from './text.ts'

export function storiesOf(scope: Scope): Stories {
  return {
    assign: (decision, title, seen) =>
      scope.write(async (db) => {
        const known = await db
          .selectFrom('story')
          .select(['firstSeen', 'lastSeen'])
          .where('id', '=', decision.storyId)
          .executeTakeFirst()
        if (known)
          await db
            .updateTable('story')
            .set({
              firstSeen: seen < known.firstSeen ? seen : known.firstSeen,
              lastSeen: seen > known.lastSeen ? seen : known.lastSeen,
            })
            .where('id', '=', decision.storyId)
            .execute()
        else
          await db
            .insertInto('story')
            .values({ id: decision.storyId, title: nfc(title), firstSeen: seen, lastSeen: seen })
            .execute()
        const result = await db
          .updateTable('article')
          .set({
            storyId: decision.storyId,
            copyOf: decision.copyOf,
            similarity: decision.similarity,
            anchors: nfc(JSON.stringify(decision.anchors)),
          })
          .where('id', '=', decision.articleId)
          .executeTakeFirst()
        if (result.numUpdatedRows !== 1n) throw new Error(`There is no article ${decision.articleId}.`)
        await recordChange(db, [decision.articleId])
      }),

    get: (id) =>
      scope.read(async (db) => {
        const row = await storyRows(db).where('story.id', '=', id).executeTakeFirst()
        return row ? storyOf(row) : null
      }),

    list: ({ seenFrom, seenTo, limit }) =>
      scope.read(async (db) => {
        const rows = await storyRows(db)
          .where('story.lastSeen', '>=', seenFrom)
          .where('story.firstSeen', '<', seenTo)
          .orderBy('story.lastSeen', 'desc')
          .orderBy('story.id')
          .limit(limit)
          .execute()
        return rows.map(storyOf)
      }),

    window: (from, to) =>
      scope.read(async (db) => {
        const rows = await currentVersions(db)
          .select(['article.storyId', 'article.copyOf'])
          .where('article.published', '>=', from)
          .where('article.published', '<', to)
          .where('article.storyId', 'is not', null)
          .orderBy('article.published')
          .orderBy('article.id')
          .execute()
        return rows.flatMap((row) =>
          row.storyId === null ? [] : [{ article: articleOf(row), storyId: row.storyId, copyOf: row.copyOf }],
        )
      }),
  }
}

const storyRows = (db: Db) =>
  db.selectFrom('story').select((select) => [
    'story.id',
    'story.title',
    'story.firstSeen',
    'story.lastSeen',
    select
      .selectFrom('article')
      .select((inner) => inner.fn.countAll<number>().as('n'))
      .whereRef('article.storyId', '=', 'story.id')
      .as('articles'),
  ])

const storyOf = (row: Omit<Story, 'articles'> & { articles: number | null }): Story => ({
  ...row,
  articles: row.articles ?? 0,
})
