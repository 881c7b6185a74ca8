import type { Selectable } from 'kysely'
import type { Alert, AlertChange, AlertDelivery, DeliveryState, Instant } from '../model.ts'
import type { Schema } from './schema.ts'
import type { Db, Scope } from './scope.ts'
import { nfcOrNull, shortHash } from './text.ts'

export interface Alerts {
  /** Creates the alert unless (rule, story) has one, or (rule, article, change) where it tells a change; null when it had. */
  readonly create: (alert: Omit<Alert, 'id'>) => Promise<Alert | null>
  readonly get: (id: string) => Promise<Alert | null>
  /** The newest first, after `skip` of them. */
  readonly list: (limit: number, skip?: number) => Promise<readonly Alert[]>
  /** Records the intent to send, once per (alert, channel), under a stable Message-ID. */
  readonly intend: (alertId: string, channel: string, messageId: string, at: Instant) => Promise<AlertDelivery>
  /**
   * Counts an attempt before it starts, back in state `intended`: what a crash leaves `intended` with attempts is an
   * unknown outcome. Throws when the delivery is confirmed already.
   */
  readonly attempt: (deliveryId: number, at: Instant) => Promise<void>
  readonly outcome: (
    deliveryId: number,
    state: Exclude<DeliveryState, 'intended'>,
    error: string | null,
    at: Instant,
  ) => Promise<void>
  readonly deliveries: (filter: {
    alertId?: string
    states?: readonly DeliveryState[]
  }) => Promise<readonly AlertDelivery[]>
}

const deliveryColumns = [
  'id',
  'alertId',
  'channel',
  'messageId',
  'state',
  'attempts',
  'intendedAt',
  'outcomeAt',
  'error',
] as const

export function alertsOf(scope: Scope): Alerts {
  return {
    create: (alert) =>
      scope.write(async (db) => {
        const { change, ...columns } = alert
        const occasion = occasionOf(change)
        const id = shortHash(
          'alert',
          alert.ruleId,
          ...(change === null ? [alert.storyId] : [alert.articleId, occasion]),
        )
        if (change !== null) return insert(db, { id, ...columns, occasion })
        // A person's merge, split or move tells nobody the same thing twice.
        const told = await db
          .selectFrom('alert')
          .innerJoin('story', 'story.id', 'alert.storyId')
          .leftJoin('storyEdit', (join) =>
            join
              .onRef('storyEdit.storyId', '=', 'alert.storyId')
              .onRef('storyEdit.at', '>=', 'alert.createdAt')
              .on('storyEdit.otherId', '=', alert.storyId)
              .on('storyEdit.articleIds', 'like', `%"${alert.articleId}"%`),
          )
          .select('alert.id')
          .where('alert.ruleId', '=', alert.ruleId)
          .where('alert.occasion', '=', '')
          .where((where) =>
            where.or([
              where('alert.articleId', '=', alert.articleId),
              where('story.mergedInto', '=', alert.storyId),
              where('storyEdit.id', 'is not', null),
            ]),
          )
          .executeTakeFirst()
        return told ? null : insert(db, { id, ...columns, occasion })
      }),

    get: (id) =>
      scope.read(async (db) => {
        const row = await db.selectFrom('alert').selectAll().where('id', '=', id).executeTakeFirst()
        return row ? alertOf(row) : null
      }),

    list: (limit, skip = 0) =>
      scope.read(async (db) => {
        const newest = db.selectFrom('alert').selectAll().orderBy('createdAt', 'desc').orderBy('id')
        return (await newest.limit(limit).offset(skip).execute()).map(alertOf)
      }),

    intend: (alertId, channel, messageId, at) =>
      scope.write(async (db) => {
        await db
          .insertInto('alertDelivery')
          .values({
            alertId,
            channel,
            messageId,
            state: 'intended',
            attempts: 0,
            intendedAt: at,
            attemptedAt: null,
            outcomeAt: null,
            error: null,
          })
          .onConflict((conflict) => conflict.columns(['alertId', 'channel']).doNothing())
          .execute()
        return db
          .selectFrom('alertDelivery')
          .select(deliveryColumns)
          .where('alertId', '=', alertId)
          .where('channel', '=', channel)
          .executeTakeFirstOrThrow()
      }),

    attempt: (deliveryId, at) =>
      scope.write(async (db) => {
        const result = await db
          .updateTable('alertDelivery')
          .set((update) => ({
            state: 'intended' as const,
            attempts: update('attempts', '+', 1),
            attemptedAt: at,
            outcomeAt: null,
            error: null,
          }))
          .where('id', '=', deliveryId)
          .where('state', '!=', 'confirmed')
          .executeTakeFirst()
        if (result.numUpdatedRows !== 1n) throw new Error(`Delivery ${deliveryId} is confirmed or does not exist.`)
      }),

    outcome: (deliveryId, state, error, at) =>
      scope.write(async (db) => {
        await db
          .updateTable('alertDelivery')
          .set({ state, error: nfcOrNull(error), outcomeAt: at })
          .where('id', '=', deliveryId)
          .execute()
      }),

    deliveries: ({ alertId, states }) =>
      scope.read((db) => {
        let query = db.selectFrom('alertDelivery').select(deliveryColumns).orderBy('id')
        if (alertId !== undefined) query = query.where('alertId', '=', alertId)
        if (states !== undefined) query = query.where('state', 'in', states)
        return query.execute()
      }),
  }
}

const occasionOf = (change: AlertChange | null): string => {
  if (change === null) return ''
  return change.kind === 'edited' ? `edited:${change.version}` : `removed:${change.goneAt}`
}

function changeOf(occasion: string): AlertChange | null {
  if (occasion === '') return null
  const [, kind, value = ''] = /^(edited|removed):(.+)$/.exec(occasion) ?? []
  if (kind === 'edited') return { kind, version: Number(value) }
  if (kind === 'removed') return { kind, goneAt: value }
  throw new Error(`an alert has the unknown occasion ${occasion}`)
}

const alertOf = ({ occasion, ...rest }: Selectable<Schema['alert']>): Alert => ({ ...rest, change: changeOf(occasion) })

/** Null when the rule has an alert of this occasion already. */
async function insert(db: Db, row: Selectable<Schema['alert']>): Promise<Alert | null> {
  const inserted = await db
    .insertInto('alert')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
  return inserted ? alertOf(inserted) : null
}
