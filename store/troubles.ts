import type { Selectable } from 'kysely'
import type { DeliveryState, Instant } from '../model.ts'
import type { Schema } from './schema.ts'
import type { Scope } from './scope.ts'
import { nfc, nfcOrNull } from './text.ts'

/** `outlet`: one outlet; `network`: most of them at once; `standstill`: nothing is asked any more; `disk`: space runs low. */
export type TroubleKind = 'outlet' | 'network' | 'standstill' | 'disk'

export interface Trouble {
  readonly id: number
  readonly kind: TroubleKind
  /** The outlet's id; empty for the others. */
  readonly subject: string
  /** The state of the outlet, or a stable code. */
  readonly code: string
  readonly detail: string
  readonly since: Instant
  /** Null: not told yet, for it may pass. */
  readonly toldAt: Instant | null
  readonly endedAt: Instant | null
  readonly endToldAt: Instant | null
}

/** A message to the administrator on one channel, as far as it has come. */
export interface NoticeRecord {
  readonly id: number
  readonly channel: string
  readonly messageId: string
  /** JSON of what it tells. */
  readonly data: string
  readonly state: DeliveryState
  readonly createdAt: Instant
  readonly attempts: number
  /** When it is sent (again); null: never. */
  readonly nextAt: Instant | null
  readonly outcomeAt: Instant | null
  readonly error: string | null
}

export interface Troubles {
  readonly open: () => Promise<readonly Trouble[]>
  /** Ended ones that were told, but not their end. */
  readonly endsToTell: () => Promise<readonly Trouble[]>
  /** Newest first. */
  readonly list: (limit: number) => Promise<readonly Trouble[]>
  /** The open trouble of that kind and subject begins, or gets another code. */
  readonly note: (trouble: Pick<Trouble, 'kind' | 'subject' | 'code' | 'detail'>, at: Instant) => Promise<void>
  readonly end: (id: number, at: Instant) => Promise<void>
  readonly told: (ids: readonly number[], what: 'begin' | 'end', at: Instant) => Promise<void>
  readonly intend: (notice: Pick<NoticeRecord, 'channel' | 'messageId' | 'data'>, at: Instant) => Promise<void>
  readonly due: (now: Instant) => Promise<readonly NoticeRecord[]>
  /** Newest first. */
  readonly notices: (limit: number) => Promise<readonly NoticeRecord[]>
  /** Counts an attempt before it starts; a crash leaves `intended` with attempts. */
  readonly attempt: (id: number) => Promise<void>
  readonly outcome: (
    id: number,
    outcome: { state: Exclude<DeliveryState, 'intended'>; nextAt: Instant | null; error: string | null },
    at: Instant,
  ) => Promise<void>
}

export function troublesOf(scope: Scope): Troubles {
  return {
    open: () =>
      scope.read((db) => db.selectFrom('trouble').selectAll().where('endedAt', 'is', null).orderBy('id').execute()),

    endsToTell: () =>
      scope.read((db) =>
        db
          .selectFrom('trouble')
          .selectAll()
          .where('endedAt', 'is not', null)
          .where('toldAt', 'is not', null)
          .where('endToldAt', 'is', null)
          .orderBy('id')
          .execute(),
      ),

    list: (limit) =>
      scope.read((db) => db.selectFrom('trouble').selectAll().orderBy('id', 'desc').limit(limit).execute()),

    note: ({ kind, subject, code, detail }, at) =>
      scope.write(async (db) => {
        const changed = await db
          .updateTable('trouble')
          .set({ code, detail: nfc(detail) })
          .where('kind', '=', kind)
          .where('subject', '=', subject)
          .where('endedAt', 'is', null)
          .executeTakeFirst()
        if (changed.numUpdatedRows > 0n) return
        await db
          .insertInto('trouble')
          .values({ kind, subject, code, detail: nfc(detail), since: at, toldAt: null, endedAt: null, endToldAt: null })
          .execute()
      }),

    end: (id, at) =>
      scope.write(async (db) => {
        await db.updateTable('trouble').set({ endedAt: at }).where('id', '=', id).execute()
      }),

    told: (ids, what, at) =>
      scope.write(async (db) => {
        if (ids.length === 0) return
        const set = what === 'begin' ? { toldAt: at } : { endToldAt: at }
        await db.updateTable('trouble').set(set).where('id', 'in', ids).execute()
      }),

    intend: ({ channel, messageId, data }, at) =>
      scope.write(async (db) => {
        await db
          .insertInto('notice')
          .values({
            ...{ channel, messageId, data: nfc(data), state: 'intended', createdAt: at, attempts: 0, nextAt: at },
            ...{ outcomeAt: null, error: null },
          })
          .onConflict((conflict) => conflict.column('messageId').doNothing())
          .execute()
      }),

    due: (now) =>
      scope.read(async (db) => {
        const rows = await db.selectFrom('notice').selectAll().where('nextAt', '<=', now).orderBy('id').execute()
        return rows.map(noticeOf)
      }),

    notices: (limit) =>
      scope.read(async (db) => {
        const rows = await db.selectFrom('notice').selectAll().orderBy('id', 'desc').limit(limit).execute()
        return rows.map(noticeOf)
      }),

    attempt: (id) =>
      scope.write(async (db) => {
        await db
          .updateTable('notice')
          .set((update) => ({ attempts: update('attempts', '+', 1) }))
          .where('id', '=', id)
          .execute()
      }),

    outcome: (id, { state, nextAt, error }, at) =>
      scope.write(async (db) => {
        await db
          .updateTable('notice')
          .set({ state, nextAt, error: nfcOrNull(error), outcomeAt: at })
          .where('id', '=', id)
          .execute()
      }),
  }
}

const noticeOf = (row: Selectable<Schema['notice']>): NoticeRecord => row
