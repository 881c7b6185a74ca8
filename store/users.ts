import type { Selectable } from 'kysely'
import { Skip } from '../errors.ts'
import type { Instant } from '../model.ts'
import type { Schema } from './schema.ts'
import type { Scope } from './scope.ts'
import { nfc, nfcOrNull } from './text.ts'

/** Administrators also set limits; everybody else does the work of the office. */
export type UserRole = 'administrator' | 'editor'

export interface User {
  readonly id: number
  readonly name: string
  readonly displayName: string
  readonly createdAt: Instant
  readonly disabledAt: Instant | null
  readonly role: UserRole
}

export interface Users {
  /**
   * `passwordHash` is the whole scrypt string; the store never sees a password. Without a role the first user is the
   * administrator, the others are editors.
   */
  readonly create: (user: {
    name: string
    displayName: string
    passwordHash: string
    at: Instant
    role?: UserRole
  }) => Promise<User>
  readonly byName: (name: string) => Promise<(User & { passwordHash: string }) | null>
  readonly list: () => Promise<readonly User[]>
  readonly setRole: (id: number, role: UserRole) => Promise<void>
  /** Ends the user's sessions. */
  readonly setPassword: (id: number, passwordHash: string) => Promise<void>
  /** Sessions are kept by the SHA-256 of their token. */
  readonly openSession: (session: {
    tokenDigest: string
    userId: number
    at: Instant
    expiresAt: Instant
  }) => Promise<void>
  readonly sessionUser: (tokenDigest: string, now: Instant) => Promise<User | null>
  readonly closeSession: (tokenDigest: string) => Promise<void>
  /** Who did what when. */
  readonly log: (entry: {
    who: string
    action: string
    subject: string
    detail: string | null
    at: Instant
  }) => Promise<void>
  readonly actions: (
    limit: number,
  ) => Promise<readonly { who: string; action: string; subject: string; detail: string | null; at: Instant }[]>
}

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
