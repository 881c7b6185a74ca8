import type { Scope } from './scope.ts'
import type { Alerts } from './store.ts'
import { nfcOrNull, shortHash } from './text.ts'

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
          .where((where) =>
            where.or([
              where('alert.articleId', '=', alert.articleId),
              where('story.mergedInto', '=', alert.storyId),
              where('storyEdit.id', 'is not', null),
            ]),
          )
          .executeTakeFirst()
        if (told) return null
        const row = await db
          .insertInto('alert')
          .values({ id: shortHash('alert', alert.ruleId, alert.storyId), ...alert })
          .onConflict((conflict) => conflict.columns(['ruleId', 'storyId']).doNothing())
          .returningAll()
          .executeTakeFirst()
        return row ?? null
      }),

    get: (id) =>
      scope.read(async (db) => {
        const row = await db.selectFrom('alert').selectAll().where('id', '=', id).executeTakeFirst()
        return row ?? null
      }),

    list: (limit) =>
      scope.read((db) =>
        db.selectFrom('alert').selectAll().orderBy('createdAt', 'desc').orderBy('id').limit(limit).execute(),
      ),

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
