import type { Selectable } from 'kysely'
import { Skip } from '../errors.ts'
import type { Instant } from '../model.ts'
import { listOf } from './article-rows.ts'
import { recordChange } from './changes.ts'
import type { Schema } from './schema.ts'
import type { Db, Scope } from './scope.ts'
import {
  articlesOfStory,
  freeId,
  membersOf,
  noTitles,
  put,
  redate,
  sameStory,
  storyAt,
  titleOf,
  titleOfArticle,
} from './story-rows.ts'
import { undone } from './story-undo.ts'
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
  /** The edit that this one took back. */
  readonly undoes: number | null
}

/** What an edit changed: its record without who, when and number. */
export type StoryDeed = Omit<StoryEdit, 'id' | 'who' | 'at' | 'undoes'> & { readonly undoes?: number }

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
  /**
   * Takes back a merge, split, move or renaming, a person's or the machine's, as far as it still stands: articles that
   * somebody has put elsewhere since stay there. Recorded as an edit of its own that names the one it undid; what it puts
   * back is a person's placing, which the machine leaves alone. Refused as `story.unknown-edit`, `story.undone` where it
   * was taken back before, `story.changed-since` where nothing of it stands any more. Returns the story to look at.
   */
  readonly undo: (edit: { editId: number } & By) => Promise<string>
  /** Oldest first: of one story (also as the other one), or all after an id. */
  readonly edits: (filter: { storyId: string } | { after: number }) => Promise<readonly StoryEdit[]>
  readonly lastEdit: () => Promise<number>
  readonly lockedStories: () => Promise<readonly string[]>
  /** Titles that people gave, by story. */
  readonly givenTitles: () => Promise<ReadonlyMap<string, string>>
}

export function storyDeskOf(scope: Scope): StoryDesk {
  /** One edit: what it does, its record, the log and the feed come together. */
  const edit = <T>(
    { who, at }: By,
    work: (db: Db) => Promise<{ record: StoryDeed; touched: readonly string[]; result: T }>,
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
        if (story.renamed === 1 || story.locked === 1 || (await touched(db, [story.id, otherId])))
          throw new Skip(`A person has titled, locked, merged or split the story ${story.id} or ${otherId}.`, {
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

    undo: ({ editId, ...by }) => edit(by, (db) => undone(db, editId)),

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

/** Whether a person has edited one of the stories. */
async function touched(db: Db, storyIds: readonly string[]): Promise<boolean> {
  const edit = await db
    .selectFrom('storyEdit')
    .select('id')
    .where('who', '!=', MACHINE)
    .where((where) => where.or([where('storyId', 'in', storyIds), where('otherId', 'in', storyIds)]))
    .limit(1)
    .executeTakeFirst()
  return edit !== undefined
}

const editOf = (row: Selectable<Schema['storyEdit']>): StoryEdit => ({
  ...row,
  articleIds: JSON.parse(row.articleIds),
})
