import { recordChange } from './changes.ts'
import type { Db, Scope } from './scope.ts'
import type { Stories, StoryRecord } from './store.ts'
import { storyArticleOf, storyArticles } from './story-articles.ts'
import { closeQuiet, goOn, remembered, reopeningsOf } from './story-life.ts'
import { nfc } from './text.ts'

export function storiesOf(scope: Scope): Stories {
  return {
    assign: (decision, title, seen) =>
      scope.write(async (db) => {
        const article = await db
          .selectFrom('article')
          .select(['placed', 'storyId'])
          .where('id', '=', decision.articleId)
          .executeTakeFirst()
        if (!article) throw new Error(`There is no article ${decision.articleId}.`)
        if (article.placed === 1 && article.storyId !== null) return article.storyId
        const named = await standing(db, decision.storyId)
        const story = named?.mergedInto ? await standing(db, named.mergedInto) : named
        if (story?.locked === 1 && article.storyId !== story.id)
          throw new Error(`The story ${story.id} is locked: the machine may not add ${decision.articleId} to it.`)
        if (story)
          await db
            .updateTable('story')
            .set({
              firstSeen: seen < story.firstSeen ? seen : story.firstSeen,
              lastSeen: seen > story.lastSeen ? seen : story.lastSeen,
            })
            .where('id', '=', story.id)
            .execute()
        else
          await db
            .insertInto('story')
            .values({
              id: decision.storyId,
              title: nfc(title),
              firstSeen: seen,
              lastSeen: seen,
              mergedInto: null,
            })
            .execute()
        const storyId = story?.id ?? decision.storyId
        if (story && article.storyId !== story.id) await goOn(db, story.id, decision.articleId, seen)
        await db
          .updateTable('article')
          .set({
            storyId,
            copyOf: decision.copyOf,
            similarity: decision.similarity,
            anchors: nfc(JSON.stringify(decision.anchors)),
          })
          .where('id', '=', decision.articleId)
          .execute()
        const reprints = decision.originalOf ?? []
        if (reprints.length > 0)
          await db
            .updateTable('article')
            .set({ copyOf: decision.articleId })
            .where('id', 'in', [...reprints])
            .execute()
        await recordChange(db, [decision.articleId, ...reprints])
        return storyId
      }),

    get: (id) =>
      scope.read(async (db) => {
        const row = await storyRows(db).where('story.id', '=', id).executeTakeFirst()
        return row ? storyOf(row) : null
      }),

    list: ({ seenFrom, seenTo, limit }) =>
      scope.read(async (db) => {
        const rows = await storyRows(db)
          .where('story.mergedInto', 'is', null)
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
        const rows = await storyArticles(db)
          .where('article.published', '>=', from)
          .where('article.published', '<', to)
          .where('article.storyId', 'is not', null)
          .orderBy('article.published')
          .orderBy('article.id')
          .execute()
        return rows.flatMap(storyArticleOf)
      }),

    remembered: (range) => scope.read((db) => remembered(db, range)),
    closeQuiet: (now) => scope.write((db) => closeQuiet(db, now)),
    reopenings: (storyId) => scope.read((db) => reopeningsOf(db, storyId)),
  }
}

const standing = (db: Db, id: string) =>
  db
    .selectFrom('story')
    .select(['id', 'firstSeen', 'lastSeen', 'locked', 'mergedInto'])
    .where('id', '=', id)
    .executeTakeFirst()

const storyRows = (db: Db) =>
  db.selectFrom('story').select((select) => [
    'story.id',
    'story.title',
    'story.firstSeen',
    'story.lastSeen',
    'story.renamed',
    'story.locked',
    'story.mergedInto',
    'story.closedAt',
    select
      .selectFrom('article')
      .select((inner) => inner.fn.countAll<number>().as('n'))
      .whereRef('article.storyId', '=', 'story.id')
      .as('articles'),
  ])

type StoryRow = Omit<StoryRecord, 'articles' | 'renamed' | 'locked'> & {
  readonly articles: number | null
  readonly renamed: 0 | 1
  readonly locked: 0 | 1
}

const storyOf = (row: StoryRow): StoryRecord => ({
  ...row,
  articles: row.articles ?? 0,
  renamed: row.renamed === 1,
  locked: row.locked === 1,
})
