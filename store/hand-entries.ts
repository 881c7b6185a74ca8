import type { Instant } from '../model.ts'
import { listOf } from './article-rows.ts'
import type { Scope } from './scope.ts'
import { nfc, nfcOrNull } from './text.ts'

/** Something that a person brought in: the article itself, or the link from which it was then collected. */
export interface HandEntry {
  /** Canonical. */
  readonly url: string
  readonly kind: 'text' | 'link'
  /** The user's log-in name, or who the command line named. */
  readonly who: string
  readonly at: Instant
  /** As the person's file was called; null: pasted. */
  readonly file: string | null
  readonly note: string | null
}

export interface HandEntries {
  readonly add: (entry: HandEntry) => Promise<void>
  /** Of one article, by any of its addresses; oldest first. */
  readonly of: (articleId: string) => Promise<readonly HandEntry[]>
  /** Articles that only crawlers brought in are left out. */
  readonly ofMany: (articleIds: readonly string[]) => Promise<ReadonlyMap<string, readonly HandEntry[]>>
}

export function handEntriesOf(scope: Scope): HandEntries {
  const ofMany: HandEntries['ofMany'] = (articleIds) =>
    scope
      .read(async (db) => {
        const rows = await db
          .selectFrom('handEntry')
          .innerJoin('articleUrl', 'articleUrl.url', 'handEntry.url')
          .select(['articleUrl.articleId', 'handEntry.url', 'kind', 'who', 'at', 'file', 'note'])
          .where('articleUrl.articleId', 'in', listOf(articleIds))
          .orderBy('handEntry.id')
          .execute()
        return Map.groupBy(
          rows.map(({ articleId, ...entry }) => ({ articleId, entry })),
          ({ articleId }) => articleId,
        )
      })
      .then((groups) => new Map([...groups].map(([id, found]) => [id, found.map(({ entry }) => entry)])))

  return {
    add: ({ url, kind, who, at, file, note }) =>
      scope.write(async (db) => {
        const values = { url, kind, who: nfc(who), at, file: nfcOrNull(file), note: nfcOrNull(note) }
        await db.insertInto('handEntry').values(values).execute()
      }),
    of: async (articleId) => (await ofMany([articleId])).get(articleId) ?? [],
    ofMany,
  }
}
