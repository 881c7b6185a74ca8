import type { Selectable } from 'kysely'
import type { Instant } from '../model.ts'
import type { Schema } from './schema.ts'
import type { Scope } from './scope.ts'
import type { SourceRhythm } from './source-rhythm.ts'
import { nfcOrNull } from './text.ts'

export type SourceStatus =
  | 'never'
  | 'ok'
  | 'failing'
  | 'unreachable'
  | 'blocked'
  | 'refused-by-robots'
  /** Failed so often that it is asked once a day only. */
  | 'given-up'

export interface SourceState {
  readonly outletId: string
  readonly url: string
  readonly status: SourceStatus
  /** Empty: it was seen to stay the same while the document changed, and is not believed any more. */
  readonly etag: string | null
  readonly lastModified: string | null
  /** `sha256:<hex>`: some feeds keep an ETag after changing. */
  readonly bodyDigest: string | null
  readonly lastPolledAt: Instant | null
  readonly nextPollAt: Instant | null
  readonly lastSuccessAt: Instant | null
  /** When it last gave an item not seen before. */
  readonly lastNewItemAt: Instant | null
  /** Consecutive. */
  readonly failures: number
  /** Their weighted sum: hard 1, soft 0.5, temporary 0.25. */
  readonly failureWeight: number
  readonly rhythm: SourceRhythm | null
  /** The pause chosen last, milliseconds. */
  readonly intervalMs: number | null
  readonly lastErrorCode: string | null
  readonly lastError: string | null
}

export interface Sources {
  readonly get: (outletId: string, url: string) => Promise<SourceState | null>
  readonly all: () => Promise<readonly SourceState[]>
  readonly save: (state: SourceState) => Promise<void>
}

export function sourcesOf(scope: Scope): Sources {
  return {
    get: (outletId, url) =>
      scope.read(async (db) => {
        const row = await db
          .selectFrom('source')
          .selectAll()
          .where('outletId', '=', outletId)
          .where('url', '=', url)
          .executeTakeFirst()
        return row ? stateOf(row) : null
      }),
    all: () =>
      scope.read(async (db) => {
        const rows = await db.selectFrom('source').selectAll().orderBy('outletId').orderBy('url').execute()
        return rows.map(stateOf)
      }),
    save: (state) =>
      scope.write(async (db) => {
        const { outletId, url, rhythm, ...rest } = { ...state, lastError: nfcOrNull(state.lastError) }
        const values = { ...rest, rhythm: rhythm === null ? null : JSON.stringify(rhythm) }
        await db
          .insertInto('source')
          .values({ outletId, url, ...values })
          .onConflict((conflict) => conflict.columns(['outletId', 'url']).doUpdateSet(values))
          .execute()
      }),
  }
}

const stateOf = ({ rhythm, ...row }: Selectable<Schema['source']>): SourceState => ({
  ...row,
  rhythm: rhythm === null ? null : JSON.parse(rhythm),
})
