import { mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { explainSqliteError, sqliteCode } from '../store/sqlite-errors.ts'
import { facetColumns } from './facets.ts'
import { type Snippets, snippetsFor } from './passages.ts'
import { type ParsedQuery, parseQuery, type Unit } from './query.ts'
import { best } from './ranking.ts'
import type { SearchDocument, SearchHit, SearchIndex, SearchQuery, SearchResult } from './search-index.ts'
import type { Token } from './segment.ts'
import { bodyOf, wordsOf } from './words.ts'

/** Rises with every change of tables, folding or segmentation: an index of another version is rebuilt. */
const VERSION = 2

/**
 * `signal` answers which documents hold a word, and where it weighs: each word of a document once, marked (see words.ts).
 * Without positions its lists are short: ranking needs no pass over term frequencies, which bm25 takes for every word
 * of every query. `body` keeps the positions, for phrases.
 */
const TABLES = `
  create table state (name text primary key, value integer not null) strict, without rowid;
  create table document (
    row integer primary key, id text unique, seq integer not null, title text not null, lead text, text text not null,
    facts text not null
  ) strict;
  create index documentSeq on document (seq);
  create virtual table signal using fts5 (words, content='', contentless_delete=1, tokenize='ascii', detail=none);
  create virtual table body using fts5 (words, content='', contentless_delete=1, tokenize='ascii', detail=full);
  insert into state values ('cursor', 0), ('seq', 0), ('epoch', 0);
  pragma user_version = ${VERSION};`

/** Parts of a query that take part in ranking. */
const RANKED_UNITS = 8
const MAX_LIMIT = 100

/** Exact accents come first, whatever else speaks for a document; then what the words weigh in it, then the newest. */
const WEIGHT = { exact: 100, title: 4, order: 3, salient: 2 } as const

/**
 * The embedded index, in a SQLite file of its own beside the store. A damaged file, or one of another version, is
 * replaced by an empty index whose cursor is 0: following the change feed fills it again.
 * @throws {Fatal} when the file cannot be opened, is locked, or the disk is full.
 */
export async function openSqliteIndex(file: string): Promise<SearchIndex> {
  mkdirSync(dirname(file), { recursive: true })
  let session = open(file)
  /** Runs `work`; on a damaged file once more on an empty index. */
  const run = async <T>(work: (session: Session) => T): Promise<T> => {
    try {
      return work(session)
    } catch (error) {
      if (!isDamage(error)) throw explainSqliteError(error, file, 'search index')
      session.close()
      discard(file)
      session = open(file)
      return work(session)
    }
  }
  return {
    put: (documents, cursor) => run((current) => current.put(documents, cursor)),
    remove: (ids, cursor) => run((current) => current.remove(ids, cursor)),
    search: (query) => run((current) => current.search(query)),
    cursor: () => run((current) => current.state('cursor')),
    clear: () => run((current) => current.clear()),
    close: async () => session.close(),
  }
}

/** SQLITE_CORRUPT or SQLITE_NOTADB. */
const isDamage = (error: unknown): boolean => [11, 26].includes(sqliteCode(error) ?? 0)

function discard(file: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
}

interface Session {
  readonly put: (documents: readonly SearchDocument[], cursor: number) => void
  readonly remove: (ids: readonly string[], cursor: number) => void
  readonly search: (query: SearchQuery) => SearchResult
  readonly state: (name: string) => number
  readonly clear: () => void
  readonly close: () => void
}

function open(file: string): Session {
  try {
    return createSession(connect(file))
  } catch (error) {
    if (!isDamage(error)) throw explainSqliteError(error, file, 'search index')
    discard(file)
    return createSession(connect(file))
  }
}

function connect(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 10_000 })
  try {
    // NORMAL: a power cut may lose the last puts, and the cursor with them; the change feed brings them again.
    database.exec(`pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -64000`)
    const version = () => Number(database.prepare('pragma user_version').get()?.user_version)
    if (version() !== VERSION) {
      database.exec('begin immediate')
      if (version() !== VERSION) {
        for (const name of ['state', 'document', 'signal', 'body']) database.exec(`drop table if exists ${name}`)
        database.exec(TABLES)
      }
      database.exec('commit')
    }
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

const expression = (words: readonly string[], glue: 'and' | 'or'): string =>
  words.map((word) => `"${word.replaceAll('"', '""')}"`).join(` ${glue.toUpperCase()} `)

function createSession(database: DatabaseSync): Session {
  const statements = new Map<string, StatementSync>()
  const sql = (text: string): StatementSync => {
    const known = statements.get(text)
    if (known) return known
    const statement = database.prepare(text)
    statements.set(text, statement)
    return statement
  }
  const state = (name: string): number => Number(sql('select value from state where name = ?').get(name)?.value)
  const setState = (name: string, value: number) => sql('update state set value = ? where name = ?').run(value, name)
  const transaction = (work: () => void): void => {
    database.exec('begin immediate')
    try {
      work()
      database.exec('commit')
    } catch (error) {
      if (database.isTransaction) database.exec('rollback')
      throw error
    }
  }

  const columns = facetColumns()
  let loaded = { version: -1, seq: 0, epoch: -1 }
  /** Follows what this and other processes wrote. */
  const refresh = (): void => {
    const version = Number(sql('pragma data_version').get()?.data_version)
    if (version === loaded.version) return
    const epoch = state('epoch')
    if (epoch !== loaded.epoch) {
      columns.clear()
      loaded = { version, seq: 0, epoch }
    }
    for (const row of sql('select row, id, seq, facts from document where seq > ? order by seq').all(loaded.seq)) {
      if (row.id === null) columns.remove(Number(row.row))
      else columns.set(Number(row.row), JSON.parse(String(row.facts)))
      loaded.seq = Number(row.seq)
    }
    loaded.version = version
  }
  /** `data_version` does not count this connection's own writes. */
  const changed = (): void => {
    loaded.version = -1
  }

  const write = (row: number, document: SearchDocument): void => {
    for (const table of ['signal', 'body']) sql(`delete from ${table} where rowid = ?`).run(row)
    const { signals, body } = wordsOf(document)
    sql('insert into signal (rowid, words) values (?, ?)').run(row, signals)
    sql('insert into body (rowid, words) values (?, ?)').run(row, body)
  }

  const put: Session['put'] = (documents, cursor) => {
    transaction(() => {
      let seq = state('seq')
      for (const document of documents) {
        const { id, title, lead, text, ...facts } = document
        const json = JSON.stringify(facts)
        const known = sql('select row, title, lead, text from document where id = ?').get(id)
        seq++
        if (known) {
          const row = Number(known.row)
          sql('update document set seq = ?, title = ?, lead = ?, text = ?, facts = ? where row = ?').run(
            seq,
            title,
            lead,
            text,
            json,
            row,
          )
          // A new assessment of the same words needs no new words.
          if (known.title !== title || known.lead !== lead || known.text !== text) write(row, document)
        } else {
          const added = sql('insert into document (id, seq, title, lead, text, facts) values (?, ?, ?, ?, ?, ?)').run(
            id,
            seq,
            title,
            lead,
            text,
            json,
          )
          write(Number(added.lastInsertRowid), document)
        }
      }
      setState('seq', seq)
      setState('cursor', cursor)
    })
    changed()
  }

  const remove: Session['remove'] = (ids, cursor) => {
    transaction(() => {
      let seq = state('seq')
      for (const id of ids) {
        const known = sql('select row from document where id = ?').get(id)
        if (!known) continue
        seq++
        // The emptied row stays: it tells other processes that the document is gone.
        sql(`update document set id = null, seq = ?, title = '', lead = null, text = '', facts = '' where row = ?`).run(
          seq,
          Number(known.row),
        )
        for (const table of ['signal', 'body']) sql(`delete from ${table} where rowid = ?`).run(Number(known.row))
      }
      setState('seq', seq)
      setState('cursor', cursor)
    })
    changed()
  }

  const rows = (table: 'signal' | 'body', match: string): number[] => {
    // One JSON text is read several times faster than a row object per document.
    const found = sql(`select json_group_array(rowid) as rows from ${table} where ${table} match ?`).get(match)
    return JSON.parse(String(found?.rows))
  }
  const signal = (letter: 'w' | 't' | 's', tokens: readonly Token[]): number[] =>
    rows('signal', tokens.map((token) => wordMatch(letter, token)).join(' AND '))
  const phrase = (tokens: readonly Token[]): number[] =>
    rows('body', `"${tokens.map((token) => token.text).join(' ')}"`)

  const matching = (units: readonly Unit[]): number[] => {
    let found = signal(
      'w',
      units.flatMap((unit) => unit.tokens),
    )
    for (const unit of units) {
      if (unit.tokens.length < 2 || found.length === 0) continue
      const inOrder = new Set(phrase(unit.tokens))
      found = found.filter((row) => inOrder.has(row))
    }
    return found
  }

  const candidates = (query: ParsedQuery): number[] => {
    const found = query.required.length > 0 ? matching(query.required) : columns.all()
    if (query.excluded.length === 0) return found
    const out = new Set(query.excluded.flatMap((unit) => matching([unit])))
    return found.filter((row) => !out.has(row))
  }

  /** What speaks for each of `found`, by row. */
  const score = (query: ParsedQuery, found: readonly number[]): Float64Array => {
    const scores = new Float64Array(found.reduce((a, b) => Math.max(a, b), 0) + 1)
    // Rows that were not found get a score as well, which nobody asks for.
    const add = (list: readonly number[], weight: number) => {
      for (const row of list) if (row < scores.length) scores[row] = (scores[row] ?? 0) + weight
    }
    const units = query.required.slice(0, RANKED_UNITS)
    for (const unit of units) {
      add(signal('t', unit.tokens), WEIGHT.title / units.length)
      add(signal('s', unit.tokens), WEIGHT.salient / units.length)
    }
    const neighbours = units.flatMap((unit, k) => {
      const before = units[k - 1]
      const end = before?.tokens.at(-1)
      const begin = unit.tokens[0]
      return end && begin && unit.follows && !end.paired && !begin.paired ? [[end, begin]] : []
    })
    for (const pair of neighbours) add(phrase(pair), WEIGHT.order / neighbours.length)
    const accented = query.required.flatMap((unit) => unit.tokens).filter((token) => token.accented)
    if (accented.length > 0) {
      const exact = accented.map((token) => `x${token.exact}`)
      add(rows('signal', expression(exact, 'and')), WEIGHT.exact)
    }
    return scores
  }

  const hit = (row: number, snippets: Snippets): SearchHit => {
    const found = sql('select id, title, lead, text, facts from document where row = ?').get(row)
    if (!found) throw new Error(`Row ${row} of the index is missing.`)
    const { id, title, lead, text } = found as Record<'id' | 'title' | 'text', string> & { lead: string | null }
    const facts: Omit<SearchDocument, 'id' | 'title' | 'lead' | 'text'> = JSON.parse(String(found.facts))
    return {
      id,
      title: snippets.whole(title),
      passage: snippets.passage(bodyOf(lead, text)),
      document: { id, title, ...facts },
    }
  }

  const search: Session['search'] = ({ text, filters, sort, offset, limit }) => {
    refresh()
    const query = parseQuery(text)
    const found = candidates(query).filter(columns.filter(filters))
    const scores = sort === 'rank' && query.required.length > 0 ? score(query, found) : null
    const wanted = Math.min(Math.max(limit, 0), MAX_LIMIT)
    const start = Math.max(offset, 0)
    const order = best(
      found,
      start + wanted,
      (row) => scores?.[row] ?? 0,
      (row) => columns.published(row),
    )
    const snippets = snippetsFor(query)
    return {
      total: found.length,
      hits: order.slice(start).map((row) => hit(row, snippets)),
      facets: columns.count(found),
    }
  }

  const clear = (): void => {
    transaction(() => {
      database.exec(`delete from document; insert into signal (signal) values ('delete-all');
        insert into body (body) values ('delete-all')`)
      setState('cursor', 0)
      setState('seq', 0)
      setState('epoch', state('epoch') + 1)
    })
    changed()
  }

  return { put, remove, search, state, clear, close: () => database.close() }
}

/** One character of a script without spaces is the beginning of a pair, or the last of its run. */
const wordMatch = (letter: string, token: Token): string =>
  `"${letter}${token.text}"${token.paired && [...token.text].length === 1 ? ' *' : ''}`
