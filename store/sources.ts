import type { Selectable } from 'kysely'
import type { Schema } from './schema.ts'
import type { Scope } from './scope.ts'
import type { SourceState, Sources } from './store.ts'
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
        return row ? stateOf(row) : null
      }),
    all: () =>
      scope.read(async (db) => {
        const rows = await db.selectFrom('source').selectAll().orderBy('outletId').orderBy('url').execute()
        return rows.map(stateOf)
      }),
    save: (state) =>
      scope.write(async (db) => {
        const { outletId, url, rhythm, ...rest } = { ...state, lastError: nfcOrNull(state.lastError) }
        const values = { ...rest, rhythm: rhythm === null ? null : JSON.stringify(rhythm) }
        await db
          .insertInto('source')
          .values({ outletId, url, ...values })
          .onConflict((conflict) => conflict.columns(['outletId', 'url']).doUpdateSet(values))
          .execute()
      }),
  }
}

const stateOf = ({ rhythm, ...row }: Selectable<Schema['source']>): SourceState => ({
  ...row,
  rhythm: rhythm === null ? null : JSON.parse(rhythm),
})
