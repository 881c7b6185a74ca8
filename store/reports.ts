import type { Selectable } from 'kysely'
import type { Schema } from './schema.ts'
import type { Scope } from './scope.ts'
import type { ReportRecord, Reports } from './store.ts'
import { nfc } from './text.ts'

export function reportsOf(scope: Scope): Reports {
  return {
    save: (record) =>
      scope.write(async (db) => {
        const { id, ...rest } = { ...record, data: nfc(record.data), files: nfc(JSON.stringify(record.files)) }
        await db
          .insertInto('report')
          .values({ id, ...rest })
          .onConflict((conflict) => conflict.column('id').doUpdateSet(rest))
          .execute()
      }),
    get: (id) =>
      scope.read(async (db) => {
        const row = await db.selectFrom('report').selectAll().where('id', '=', id).executeTakeFirst()
        return row ? recordOf(row) : null
      }),
    list: (limit) =>
      scope.read(async (db) => {
        const rows = await db
          .selectFrom('report')
          .selectAll()
          .orderBy('composedAt', 'desc')
          .orderBy('id')
          .limit(limit)
          .execute()
        return rows.map(recordOf)
      }),
  }
}

const recordOf = (row: Selectable<Schema['report']>): ReportRecord => ({ ...row, files: JSON.parse(row.files) })
