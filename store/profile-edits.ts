import type { Instant } from '../model.ts'
import type { Scope } from './scope.ts'
import { nfc, nfcOrNull } from './text.ts'

/**
 * How a text came into force: `origin` as shipped, before the first edit; `edit` and `restore` by a person in the pages;
 * `outside` by another hand (a text editor), noticed at the next edit; `shipped` by giving up the edited copy.
 */
export type RevisionKind = 'origin' | 'edit' | 'restore' | 'outside' | 'shipped'

/** One text of one file of a profile that was or is in force: kept for good. */
export interface ProfileRevision {
  /** Rises by commit order. */
  readonly id: number
  readonly profileId: string
  /** `topics`, `places`, `sensitivity`, `tone`. */
  readonly file: string
  /** The entry that was edited; null: the file as a whole. */
  readonly item: string | null
  readonly kind: RevisionKind
  readonly text: string
  readonly digest: string
  /** Why, in the person's words. */
  readonly note: string | null
  readonly who: string
  readonly at: Instant
}

/** An edit that somebody is trying; `base` is the text that it began from. */
export interface ProfileDraft {
  readonly id: string
  readonly profileId: string
  readonly file: string
  readonly item: string | null
  readonly kind: 'edit' | 'restore' | 'shipped'
  readonly base: string
  readonly baseDigest: string
  readonly text: string
  readonly note: string | null
  readonly who: string
  readonly at: Instant
}

export interface ProfileEdits {
  /** Returns its id. */
  readonly addRevision: (revision: Omit<ProfileRevision, 'id'>) => Promise<number>
  readonly revision: (id: number) => Promise<ProfileRevision | null>
  /** The one before it of the same file. */
  readonly revisionBefore: (revision: ProfileRevision) => Promise<ProfileRevision | null>
  readonly lastRevision: (profileId: string, file: string) => Promise<ProfileRevision | null>
  /** Newest first, without their texts; of one file or entry when named. */
  readonly revisions: (
    profileId: string,
    filter: { readonly file?: string; readonly item?: string | null; readonly after?: number; readonly limit: number },
  ) => Promise<readonly Omit<ProfileRevision, 'text'>[]>
  /** A draft of the same id is replaced. */
  readonly putDraft: (draft: ProfileDraft) => Promise<void>
  readonly draft: (id: string) => Promise<ProfileDraft | null>
  /** Newest first. */
  readonly drafts: (profileId: string) => Promise<readonly ProfileDraft[]>
  readonly dropDraft: (id: string) => Promise<void>
}

export function profileEditsOf(scope: Scope): ProfileEdits {
  return {
    addRevision: (revision) =>
      scope.write(async (db) => {
        const { who, note } = revision
        const values = { ...revision, who: nfc(who), note: nfcOrNull(note) }
        const { id } = await db.insertInto('profileRevision').values(values).returning('id').executeTakeFirstOrThrow()
        return id
      }),

    revision: (id) =>
      scope.read(
        async (db) =>
          (await db.selectFrom('profileRevision').selectAll().where('id', '=', id).executeTakeFirst()) ?? null,
      ),

    revisionBefore: ({ id, profileId, file }) =>
      scope.read(
        async (db) =>
          (await db
            .selectFrom('profileRevision')
            .selectAll()
            .where('profileId', '=', profileId)
            .where('file', '=', file)
            .where('id', '<', id)
            .orderBy('id', 'desc')
            .limit(1)
            .executeTakeFirst()) ?? null,
      ),

    lastRevision: (profileId, file) =>
      scope.read(
        async (db) =>
          (await db
            .selectFrom('profileRevision')
            .selectAll()
            .where('profileId', '=', profileId)
            .where('file', '=', file)
            .orderBy('id', 'desc')
            .limit(1)
            .executeTakeFirst()) ?? null,
      ),

    revisions: (profileId, { file, item, after = 0, limit }) =>
      scope.read((db) => {
        let query = db
          .selectFrom('profileRevision')
          .select(['id', 'profileId', 'file', 'item', 'kind', 'digest', 'note', 'who', 'at'])
          .where('profileId', '=', profileId)
          .where('id', '>', after)
        if (file !== undefined) query = query.where('file', '=', file)
        // What concerned the whole file concerned the entry, too.
        if (item !== undefined && item !== null)
          query = query.where((or) => or.or([or('item', '=', item), or('item', 'is', null)]))
        return query.orderBy('id', 'desc').limit(limit).execute()
      }),

    putDraft: (draft) =>
      scope.write(async (db) => {
        const values = { ...draft, who: nfc(draft.who), note: nfcOrNull(draft.note) }
        await db
          .insertInto('profileDraft')
          .values(values)
          .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
          .execute()
      }),

    draft: (id) =>
      scope.read(
        async (db) => (await db.selectFrom('profileDraft').selectAll().where('id', '=', id).executeTakeFirst()) ?? null,
      ),

    drafts: (profileId) =>
      scope.read((db) =>
        db.selectFrom('profileDraft').selectAll().where('profileId', '=', profileId).orderBy('at', 'desc').execute(),
      ),

    dropDraft: (id) =>
      scope.write(async (db) => {
        await db.deleteFrom('profileDraft').where('id', '=', id).execute()
      }),
  }
}
