import type { Db, Scope } from './scope.ts'
import type { Changes } from './store.ts'

/** Writes articles into the change feed; called in the transaction that changed them. */
export async function recordChange(db: Db, articleIds: readonly string[]): Promise<void> {
  for (const articleId of articleIds) await db.insertInto('change').values({ articleId }).execute()
}

export function changesOf(scope: Scope): Changes {
  return {
    // SQLite has one writer at a time: numbers given in order are committed in order.
    after: (seq, limit) =>
      scope.read((db) =>
        db.selectFrom('change').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit).execute(),
      ),
    last: () =>
      scope.read(async (db) => {
        const row = await db
          .selectFrom('change')
          .select((select) => select.fn.max('seq').as('last'))
          .executeTakeFirst()
        return row?.last ?? 0
      }),
    position: (name) =>
      scope.read(async (db) => {
        const row = await db.selectFrom('consumer').select('seq').where('name', '=', name).executeTakeFirst()
        return row?.seq ?? 0
      }),
    setPosition: (name, seq) =>
      scope.write(async (db) => {
        await db
          .insertInto('consumer')
          .values({ name, seq })
          .onConflict((conflict) => conflict.column('name').doUpdateSet({ seq }))
          .execute()
      }),
  }
}
