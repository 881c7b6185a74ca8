import type { Selectable } from 'kysely'
import { Skip } from '../errors.ts'
import type { Schema } from './schema.ts'
import type { Scope } from './scope.ts'
import type { User, Users } from './store.ts'
import { nfc, nfcOrNull } from './text.ts'

const keyOf = (name: string): string => nfc(name).toLowerCase()

export function usersOf(scope: Scope): Users {
  return {
    create: ({ name, displayName, passwordHash, at, role }) =>
      scope.write(async (db) => {
        const earlier = await db.selectFrom('user').select('id').executeTakeFirst()
        const row = await db
          .insertInto('user')
          .values({
            name: nfc(name),
            nameKey: keyOf(name),
            displayName: nfc(displayName),
            passwordHash,
            createdAt: at,
            disabledAt: null,
            role: role ?? (earlier ? 'editor' : 'administrator'),
          })
          .onConflict((conflict) => conflict.column('nameKey').doNothing())
          .returningAll()
          .executeTakeFirst()
        if (!row)
          throw new Skip(`There is a user named ${name} already.`, {
            code: 'user.exists',
            remedy: 'Choose another name, or set a new password for the existing user.',
          })
        return userOf(row)
      }),

    byName: (name) =>
      scope.read(async (db) => {
        const row = await db.selectFrom('user').selectAll().where('nameKey', '=', keyOf(name)).executeTakeFirst()
        return row ? { ...userOf(row), passwordHash: row.passwordHash } : null
      }),

    list: () =>
      scope.read(async (db) => {
        const rows = await db.selectFrom('user').selectAll().orderBy('id').execute()
        return rows.map(userOf)
      }),

    setRole: (id, role) =>
      scope.write(async (db) => {
        await db.updateTable('user').set({ role }).where('id', '=', id).execute()
      }),

    setPassword: (id, passwordHash) =>
      scope.write(async (db) => {
        await db.updateTable('user').set({ passwordHash }).where('id', '=', id).execute()
        await db.deleteFrom('session').where('userId', '=', id).execute()
      }),

    openSession: ({ tokenDigest, userId, at, expiresAt }) =>
      scope.write(async (db) => {
        await db.deleteFrom('session').where('expiresAt', '<=', at).execute()
        await db.insertInto('session').values({ tokenDigest, userId, openedAt: at, expiresAt }).execute()
      }),

    sessionUser: (tokenDigest, now) =>
      scope.read(async (db) => {
        const row = await db
          .selectFrom('session')
          .innerJoin('user', 'user.id', 'session.userId')
          .selectAll('user')
          .where('session.tokenDigest', '=', tokenDigest)
          .where('session.expiresAt', '>', now)
          .where('user.disabledAt', 'is', null)
          .executeTakeFirst()
        return row ? userOf(row) : null
      }),

    closeSession: (tokenDigest) =>
      scope.write(async (db) => {
        await db.deleteFrom('session').where('tokenDigest', '=', tokenDigest).execute()
      }),

    log: (entry) =>
      scope.write(async (db) => {
        await db
          .insertInto('action')
          .values({ ...entry, who: nfc(entry.who), detail: nfcOrNull(entry.detail) })
          .execute()
      }),

    actions: (limit) =>
      scope.read((db) =>
        db
          .selectFrom('action')
          .select(['who', 'action', 'subject', 'detail', 'at'])
          .orderBy('id', 'desc')
          .limit(limit)
          .execute(),
      ),
  }
}

function userOf({ id, name, displayName, createdAt, disabledAt, role }: Selectable<Schema['user']>): User {
  return { id, name, displayName, createdAt, disabledAt, role }
}
