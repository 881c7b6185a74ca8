import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { type Dialect, SqliteDialect, type SqliteStatement } from 'kysely'

/** Statements kept prepared per connection: more than the store has, fewer than lists of varying length could make. */
const PREPARED = 256

/**
 * Kysely's SQLite dialect over `node:sqlite`. Kysely expects the shape of better-sqlite3: a statement that says whether
 * it returns rows, and parameters as one array. Statements are kept prepared by their SQL, oldest out first.
 */
export function sqliteDialect(database: DatabaseSync): Dialect {
  const prepared = new Map<string, SqliteStatement>()
  const prepare = (sql: string): SqliteStatement => {
    const known = prepared.get(sql)
    if (known) return known
    const oldest = prepared.size >= PREPARED ? prepared.keys().next().value : undefined
    if (oldest !== undefined) prepared.delete(oldest)
    const statement = adapt(database.prepare(sql))
    prepared.set(sql, statement)
    return statement
  }
  return new SqliteDialect({ database: { prepare, close: () => database.close() } })
}

function adapt(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...parameters.map(bindable)),
    run: (parameters) => statement.run(...parameters.map(bindable)),
    iterate: (parameters) => statement.iterate(...parameters.map(bindable)),
  }
}

function bindable(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return value
  if (value instanceof Uint8Array) return value
  throw new TypeError(`SQLite cannot hold a value of type ${typeof value}`)
}
