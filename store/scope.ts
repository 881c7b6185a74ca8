import { AsyncLocalStorage } from 'node:async_hooks'
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { Schema } from './schema.ts'
import { explainSqliteError, isBusy } from './sqlite-errors.ts'
import type { WriteAheadLog } from './wal.ts'

export type Db = Kysely<Schema>

/** Where an aggregate reads and writes: the whole store, or one transaction of it. */
export interface Scope {
  readonly read: <T>(work: (db: Db) => Promise<T>) => Promise<T>
  /** All or nothing; one at a time. */
  readonly write: <T>(work: (db: Db) => Promise<T>) => Promise<T>
  readonly transaction: <T>(work: (scope: Scope) => Promise<T>) => Promise<T>
}

export interface Connections {
  readonly file: string
  readonly writer: { readonly raw: DatabaseSync; readonly db: Db }
  readonly wal: Pick<WriteAheadLog, 'sync'>
  /** Sees what is committed while a transaction is under way on the writer. */
  readonly reader: { readonly raw: DatabaseSync; readonly db: Db }
}

/** How long a write waits for another process before it gives up. */
const LOCK_WAIT_MS = 30_000

/** Runs one piece of work at a time, in the order asked. */
function mutex(): <T>(work: () => Promise<T>) => Promise<T> {
  let tail: Promise<unknown> = Promise.resolve()
  return (work) => {
    const run = tail.then(work)
    tail = run.then(
      () => undefined,
      () => undefined,
    )
    return run
  }
}

/** Takes the write lock at once; waits without blocking the event loop while another process holds it. */
async function beginImmediate(raw: DatabaseSync): Promise<void> {
  for (let waited = 0; ; waited += 20) {
    try {
      raw.exec('BEGIN IMMEDIATE')
      return
    } catch (error) {
      if (!isBusy(error) || waited >= LOCK_WAIT_MS) throw error
      await delay(20)
    }
  }
}

/** The scope of the whole store: reads on the reader, each write in its own transaction on the writer. */
export function rootScope({ file, writer, reader, wal }: Connections): Scope {
  const inTransaction = new AsyncLocalStorage<{ active: boolean }>()
  const alone = mutex()
  // Waiting for the transaction one is in would wait forever; reading beside it would not see its writes.
  const refuseInside = () => {
    if (inTransaction.getStore()?.active)
      throw new Error('Inside a transaction, use the store that the transaction was given.')
  }
  const transact = async <T>(work: (scope: Scope) => Promise<T>): Promise<T> => {
    refuseInside()
    const result = await alone(async () => {
      const token = { active: true }
      try {
        await beginImmediate(writer.raw)
        const result = await inTransaction.run(token, () => work(nestedScope(writer, token, 1)))
        token.active = false
        writer.raw.exec('COMMIT')
        return result
      } catch (error) {
        if (writer.raw.isOpen && writer.raw.isTransaction) writer.raw.exec('ROLLBACK')
        throw explainSqliteError(error, file)
      } finally {
        token.active = false
      }
    })
    // The next may begin meanwhile; this one is confirmed once it would survive a power cut.
    await wal.sync()
    return result
  }
  return {
    read: async (work) => {
      refuseInside()
      try {
        return await work(reader.db)
      } catch (error) {
        throw explainSqliteError(error, file)
      }
    },
    write: (work) => transact((scope) => scope.read(work)),
    transaction: transact,
  }
}

/** A scope inside a transaction: each write under a savepoint of its own, so that one that fails leaves nothing behind. */
function nestedScope(writer: Connections['writer'], token: { readonly active: boolean }, depth: number): Scope {
  const alone = mutex()
  const requireActive = () => {
    if (!token.active) throw new Error('This transaction has ended; its store cannot be used any more.')
  }
  const transact = <T>(work: (scope: Scope) => Promise<T>): Promise<T> =>
    alone(async () => {
      requireActive()
      const inner = { active: true }
      writer.raw.exec(`SAVEPOINT s${depth}`)
      try {
        const result = await work(nestedScope(writer, inner, depth + 1))
        writer.raw.exec(`RELEASE s${depth}`)
        return result
      } catch (error) {
        // A full disk may have rolled the whole transaction back already.
        if (writer.raw.isTransaction) writer.raw.exec(`ROLLBACK TO s${depth}; RELEASE s${depth}`)
        throw error
      } finally {
        inner.active = false
      }
    })
  return {
    read: async (work) => {
      requireActive()
      return work(writer.db)
    },
    write: (work) => transact((scope) => scope.read(work)),
    transaction: transact,
  }
}
