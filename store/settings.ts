import type { Instant } from '../model.ts'
import type { Scope } from './scope.ts'
import { nfc } from './text.ts'

/** A value that a person set in the place of the configuration's. */
export interface Setting {
  readonly name: string
  /** Null: switched off. */
  readonly value: number | null
  readonly who: string
  readonly at: Instant
}

export interface Settings {
  readonly all: () => Promise<readonly Setting[]>
  readonly put: (setting: Setting) => Promise<void>
  /** The configuration's value counts again. */
  readonly remove: (name: string) => Promise<void>
}

export function settingsOf(scope: Scope): Settings {
  return {
    all: () =>
      scope.read(async (db) => {
        const rows = await db.selectFrom('setting').selectAll().orderBy('name').execute()
        return rows.map(({ value, ...rest }) => ({ ...rest, value: JSON.parse(value) as number | null }))
      }),

    put: ({ name, value, who, at }) =>
      scope.write(async (db) => {
        const row = { value: JSON.stringify(value), who: nfc(who), at }
        await db
          .insertInto('setting')
          .values({ name, ...row })
          .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
          .execute()
      }),

    remove: (name) =>
      scope.write(async (db) => {
        await db.deleteFrom('setting').where('name', '=', name).execute()
      }),
  }
}
