import type { Scope } from './scope.ts'
import type { Sources } from './store.ts'
import { nfcOrNull } from './text.ts'

export function sourcesOf(scope: Scope): Sources {
  return {
    get: (outletId, url) =>
      scope.read(async (db) => {
        const row = await db
          .selectFrom('source')
          .selectAll()
          .where('outletId', '=', outletId)
          .where('url', '=', url)
          .executeTakeFirst()
        return row ?? null
      }),
    all: () => scope.read((db) => db.selectFrom('source').selectAll().orderBy('outletId').orderBy('url').execute()),
    save: (state) =>
      scope.write(async (db) => {
        const { outletId, url, ...rest } = { ...state, lastError: nfcOrNull(state.lastError) }
        await db
          .insertInto('source')
          .values({ outletId, url, ...rest })
          .onConflict((conflict) => conflict.columns(['outletId', 'url']).doUpdateSet(rest))
          .execute()
      }),
  }
}
