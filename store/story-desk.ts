import type { Selectable } from 'kysely'
import { Skip } from '../errors.ts'
import type { Instant } from '../model.ts'
import { listOf } from './article-rows.ts'
import { recordChange } from './changes.ts'
import type { Schema } from './schema.ts'
import type { Db, Scope } from './scope.ts'
import { nfc } from './text.ts'
import { usersOf } from './users.ts'

export type StoryEditKind = 'merge' | 'split' | 'move' | 'rename' | 'lock' | 'unlock'

/** What a person did to a story: kept for good. */
export interface StoryEdit {
  /** Rises by commit order. */
  readonly id: number
  readonly kind: StoryEditKind
  /** The story that was merged away, split, left by an article, renamed or locked. */
  readonly storyId: string
  /** The story merged into, made by the split, or moved to. */
  readonly otherId: string | null
  /** The articles that changed their story by it. */
  readonly articleIds: readonly string[]
  /** Titles of a renaming; `after` is null when the title was given back to the machine. */
  readonly before: string | null
  readonly after: string | null
  readonly who: string
  readonly at: Instant
}

/** Who stands in `StoryEdit.who` where no person did it. */
export const MACHINE = 'machine'

/** What the machine does to its own stories when an article bridges them. */
export interface StoryRegrouping {
  readonly kind: 'merge' | 'split' | 'move'
  readonly storyId: string
  readonly otherId: string
  readonly articleIds: readonly string[]
}

interface By {
  readonly who: string
  readonly at: Instant
}

/**
 * People's hand in stories. Each edit is recorded with who and when, logged, and every article it touches appears in the
 * change feed, all in one transaction. A story that was merged away is followed to where it went. Refusals are `Skip`s:
 * `story.unknown`, `story.same`, `story.not-member`, `story.nothing-left`, `story.no-title`.
 */
export interface StoryDesk {
  /** All articles of `from` go to `into`; `from` stays, empty, and leads to `into`. */
  readonly merge: (edit: { from: string; into: string } & By) => Promise<void>
  /** Some, not all, articles of a story get one of their own. Returns its id. */
  readonly split: (
    edit: { storyId: string; articleIds: readonly string[]; title: string | null } & By,
  ) => Promise<string>
  /** Articles of one story go to another; the machine never moves them again. */
  readonly move: (edit: { storyId: string; articleIds: readonly string[]; to: string } & By) => Promise<void>
  /**
   * The machine's own merge, split or move: recorded and logged like a person's, under `MACHINE`, so that people see it
   * and can take it back. Refused as `story.held` where a person has touched one of the stories or placed an article.
   */
  readonly regroup: (edit: StoryRegrouping & { at: Instant }) => Promise<void>
  /** Stories that people touched: the machine neither merges nor splits them. */
  readonly heldStories: () => Promise<readonly string[]>
  /** Null gives the title back to the machine. */
  readonly rename: (edit: { storyId: string; title: string | null } & By) => Promise<void>
  /** A locked story takes no article from the machine; people may still edit it. */
  readonly lock: (edit: { storyId: string; locked: boolean } & By) => Promise<void>
  /** Oldest first: of one story (also as the other one), or all after an id. */
  readonly edits: (filter: { storyId: string } | { after: number }) => Promise<readonly StoryEdit[]>
  readonly lastEdit: () => Promise<number>
  readonly lockedStories: () => Promise<readonly string[]>
  /** Titles that people gave, by story. */
  readonly givenTitles: () => Promise<ReadonlyMap<string, string>>
}

const MOST_TITLE = 300

export function storyDeskOf(scope: Scope): StoryDesk {
  /** One edit: what it does, its record, the log and the feed come together. */
  const edit = <T>(
    { who, at }: By,
    work: (db: Db) => Promise<{ record: Omit<StoryEdit, 'id' | 'who' | 'at'>; touched: readonly string[]; result: T }>,
  ): Promise<T> =>
    scope.transaction(async (inner) => {
      const { record, result } = await inner.write(async (db) => {
        const done = await work(db)
        await db
          .insertInto('storyEdit')
          .values({ ...done.record, articleIds: JSON.stringify(done.record.articleIds), who: nfc(who), at })
          .execute()
        await recordChange(db, done.touched)
        return done
      })
      const { kind, storyId, otherId, articleIds, after } = record
      const detail = [otherId, articleIds.length > 0 ? articleIds.join(' ') : null, after].filter(
        (part) => part !== null,
      )
      await usersOf(inner).log({
        who,
        action: `story.${kind}`,
        subject: storyId,
        detail: detail.join(' · ') || null,
        at,
      })
      return result
    })

  return {
    merge: ({ from, into, ...by }) =>
      edit(by, async (db) => {
        const source = await storyAt(db, from)
        const target = await storyAt(db, into)
        if (source.id === target.id) throw sameStory(target.id)
        const articleIds = await articlesOfStory(db, source.id)
        await put(db, articleIds, target.id)
        // What went into the source before leads straight to the target now.
        await db
          .updateTable('story')
          .set({ mergedInto: target.id })
          .where((where) => where.or([where('id', '=', source.id), where('mergedInto', '=', source.id)]))
          .execute()
        await redate(db, [target.id])
        const record = { kind: 'merge', storyId: source.id, otherId: target.id, articleIds, ...noTitles } as const
        return { record, touched: articleIds, result: undefined }
      }),

    split: ({ storyId, articleIds, title, ...by }) =>
      edit(by, async (db) => {
        const story = await storyAt(db, storyId)
        const chosen = await membersOf(db, story.id, articleIds)
        const all = await articlesOfStory(db, story.id)
        const first = chosen[0]
        if (first === undefined || chosen.length === all.length)
          throw new Skip('A split leaves at least one article on each side.', {
            code: 'story.nothing-left',
            remedy: 'Choose some of the articles, but not all of them.',
          })
        const otherId = await freeId(db, first)
        const given = title === null || title.trim() === '' ? null : titleOf(title)
        await db
          .insertInto('story')
          .values({
            id: otherId,
            title: given ?? (await titleOfArticle(db, first)),
            ...{ firstSeen: story.firstSeen, lastSeen: story.lastSeen },
            renamed: given === null ? 0 : 1,
            mergedInto: null,
          })
          .execute()
        await put(db, chosen, otherId)
        await redate(db, [story.id, otherId])
        const record = {
          kind: 'split',
          storyId: story.id,
          otherId,
          articleIds: chosen,
          before: null,
          after: given,
        } as const
        return { record, touched: chosen, result: otherId }
      }),

    move: ({ storyId, articleIds, to, ...by }) =>
      edit(by, async (db) => {
        const story = await storyAt(db, storyId)
        const target = await storyAt(db, to)
        if (story.id === target.id) throw sameStory(target.id)
        const chosen = await membersOf(db, story.id, articleIds)
        await put(db, chosen, target.id)
        await redate(db, [story.id, target.id])
        const record = { kind: 'move', storyId: story.id, otherId: target.id, articleIds: chosen, ...noTitles } as const
        return { record, touched: chosen, result: undefined }
      }),

    regroup: ({ kind, storyId, otherId, articleIds, at }) =>
      edit({ who: MACHINE, at }, async (db) => {
        const story = await storyAt(db, storyId)
        if (story.renamed === 1 || story.locked === 1)
          throw new Skip(`A person has titled or locked the story ${story.id}.`, {
            code: 'story.held',
            remedy: 'Leave it as it is; people may merge or split it on its page.',
          })
        const moved = kind === 'merge' ? await articlesOfStory(db, story.id) : await membersOf(db, story.id, articleIds)
        const first = moved[0]
        const target = await db.selectFrom('story').select('id').where('id', '=', otherId).executeTakeFirst()
        if (!target && first !== undefined)
          await db
            .insertInto('story')
            .values({
              id: otherId,
              title: await titleOfArticle(db, first),
              ...{ firstSeen: story.firstSeen, lastSeen: story.lastSeen, mergedInto: null },
            })
            .execute()
        await db.updateTable('article').set({ storyId: otherId }).where('id', 'in', listOf(moved)).execute()
        // A story that is given articles again stands again.
        await db.updateTable('story').set({ mergedInto: null }).where('id', '=', otherId).execute()
        if (kind === 'merge')
          await db
            .updateTable('story')
            .set({ mergedInto: otherId })
            .where((where) => where.or([where('id', '=', story.id), where('mergedInto', '=', story.id)]))
            .execute()
        await redate(db, [story.id, otherId])
        const record = { kind, storyId: story.id, otherId, articleIds: moved, ...noTitles }
        return { record, touched: moved, result: undefined }
      }),

    heldStories: () =>
      scope.read(async (db) => {
        const rows = await db
          .selectFrom('storyEdit')
          .select(['storyId', 'otherId'])
          .where('who', '!=', MACHINE)
          .execute()
        return [...new Set(rows.flatMap(({ storyId, otherId }) => (otherId === null ? [storyId] : [storyId, otherId])))]
      }),

    rename: ({ storyId, title, ...by }) =>
      edit(by, async (db) => {
        const story = await storyAt(db, storyId)
        const after = title === null ? null : titleOf(title)
        const articles = await articlesOfStory(db, story.id)
        const first = articles[0]
        const own = after ?? (first === undefined ? story.title : await titleOfArticle(db, first))
        await db
          .updateTable('story')
          .set({ title: own, renamed: after === null ? 0 : 1 })
          .where('id', '=', story.id)
          .execute()
        const record = {
          kind: 'rename',
          storyId: story.id,
          otherId: null,
          articleIds: [],
          before: story.title,
          after,
        } as const
        return { record, touched: articles, result: undefined }
      }),

    lock: ({ storyId, locked, ...by }) =>
      edit(by, async (db) => {
        const story = await storyAt(db, storyId)
        await db
          .updateTable('story')
          .set({ locked: locked ? 1 : 0 })
          .where('id', '=', story.id)
          .execute()
        const kind = locked ? 'lock' : 'unlock'
        const record = { kind, storyId: story.id, otherId: null, articleIds: [], ...noTitles } as const
        return { record, touched: await articlesOfStory(db, story.id), result: undefined }
      }),

    edits: (filter) =>
      scope.read(async (db) => {
        const query = db.selectFrom('storyEdit').selectAll().orderBy('id')
        const rows =
          'after' in filter
            ? await query.where('id', '>', filter.after).execute()
            : await query
                .where((where) =>
                  where.or([where('storyId', '=', filter.storyId), where('otherId', '=', filter.storyId)]),
                )
                .execute()
        return rows.map(editOf)
      }),

    lastEdit: () =>
      scope.read(async (db) => {
        const row = await db
          .selectFrom('storyEdit')
          .select((select) => select.fn.max('id').as('last'))
          .executeTakeFirst()
        return row?.last ?? 0
      }),

    lockedStories: () =>
      scope.read(async (db) => {
        const rows = await db.selectFrom('story').select('id').where('locked', '=', 1).orderBy('id').execute()
        return rows.map(({ id }) => id)
      }),

    givenTitles: () =>
      scope.read(async (db) => {
        const rows = await db.selectFrom('story').select(['id', 'title']).where('renamed', '=', 1).execute()
        return new Map(rows.map(({ id, title }) => [id, title]))
      }),
  }
}

const noTitles = { before: null, after: null } as const

const editOf = (row: Selectable<Schema['storyEdit']>): StoryEdit => ({
  ...row,
  articleIds: JSON.parse(row.articleIds),
})

const sameStory = (id: string): Skip =>
  new Skip(`Both are the story ${id}.`, { code: 'story.same', remedy: 'Choose another story.' })

/** The story in which the articles of `id` stand. */
async function storyAt(db: Db, id: string) {
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
async function articlesOfStory(db: Db, storyId: string): Promise<string[]> {
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
async function membersOf(db: Db, storyId: string, articleIds: readonly string[]): Promise<string[]> {
  const wanted = new Set(articleIds)
  const members = (await articlesOfStory(db, storyId)).filter((id) => wanted.has(id))
  if (members.length === wanted.size && members.length > 0) return members
  throw new Skip(`Not all of the chosen articles belong to the story ${storyId}.`, {
    code: 'story.not-member',
    remedy: 'Choose at least one article of the story as it stands now; a colleague may have moved them.',
  })
}

/** Puts articles where a person wants them. */
async function put(db: Db, articleIds: readonly string[], storyId: string): Promise<void> {
  await db.updateTable('article').set({ storyId, placed: 1 }).where('id', 'in', listOf(articleIds)).execute()
}

/** First and last seen follow the articles; a story left empty keeps its dates. */
async function redate(db: Db, storyIds: readonly string[]): Promise<void> {
  for (const id of storyIds) {
    const seen = await db
      .selectFrom('article')
      .select((select) => [select.fn.min('firstSeen').as('first'), select.fn.max('firstSeen').as('last')])
      .where('storyId', '=', id)
      .executeTakeFirst()
    const { first = null, last = null } = seen ?? {}
    if (first === null || last === null) continue
    await db.updateTable('story').set({ firstSeen: first, lastSeen: last }).where('id', '=', id).execute()
  }
}

/** `story-<article>` is the story that the article opened: one that a person splits off is numbered from 2. */
async function freeId(db: Db, articleId: string): Promise<string> {
  for (let number = 2; ; number++) {
    const id = `story-${articleId}-${number}`
    const taken = await db.selectFrom('story').select('id').where('id', '=', id).executeTakeFirst()
    if (!taken) return id
  }
}

function titleOf(text: string): string {
  const title = nfc(text).replace(/\s+/gu, ' ').trim().slice(0, MOST_TITLE)
  if (title === '')
    throw new Skip('A title has at least one character.', { code: 'story.no-title', remedy: 'Write a title.' })
  return title
}

async function titleOfArticle(db: Db, articleId: string): Promise<string> {
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
