import { iso } from '../clock.ts'
import type { Instant } from '../model.ts'
import type { SourceState, Store, Trouble, TroubleKind } from '../store/store.ts'
import type { CoverageStatus, OutletCoverage } from './coverage.ts'

/** A trouble as it stands now. */
export interface TroubleFound {
  readonly kind: TroubleKind
  readonly subject: string
  readonly code: string
  /** Figures and words of its detail, by name. */
  readonly detail: Readonly<Record<string, string | number>>
}

export interface TroubleView {
  readonly coverage: readonly OutletCoverage[]
  readonly sources: readonly SourceState[]
  readonly freeBytes: number
  readonly minFreeBytes: number
  readonly now: Date
  /** When this process began: what fell due while the machine was off is no standstill. */
  readonly upSince: Date
  /** What is open, for what ends later than it began. */
  readonly open: readonly Pick<Trouble, 'kind' | 'subject'>[]
}

const MINUTE = 60_000
/** Outlets in these states are troubles; `late` is a figure, and what was never asked is none yet. */
const OUTLET_TROUBLES: ReadonlySet<CoverageStatus> = new Set([
  ...(['blocked', 'refused-by-robots', 'given-up', 'unreachable', 'failing', 'broken', 'silent'] as const),
])
/** May pass by themselves, or with the network. */
const PASSING: ReadonlySet<string> = new Set(['unreachable', 'failing', 'blocked', 'given-up'])
const PATIENCE_MS = 30 * MINUTE
const NETWORK_PATIENCE_MS = 10 * MINUTE

/** Sources asked within this time say how the line is. */
const RECENT_MS = 30 * MINUTE
const FEWEST_DOWN = 3
const DOWN_SHARE = 0.8
/** The line counts as back below this share. */
const BACK_SHARE = 0.5
const networkCodes = new Set(['fetch.network', 'fetch.timeout', 'fetch.dns', 'robots.unavailable'])

/** From so late on a source is overdue; from this share on collecting stands still. */
const OVERDUE_MS = 60 * MINUTE
const OVERDUE_SHARE = 0.5
/** Space is said to run low below this multiple of what stops collecting. */
const LOW_DISK = 2
/** Space must be so much above a limit before it counts as there again. */
const ENOUGH_AGAIN = 1.1

/** What the administrator should know, from how collecting stands. */
export function findTroubles(view: TroubleView): readonly TroubleFound[] {
  return [...diskTroubles(view), ...networkTrouble(view), ...standstill(view), ...outletTroubles(view)]
}

const isOpen = ({ open }: TroubleView, kind: TroubleKind, subject = ''): boolean =>
  open.some((one) => one.kind === kind && one.subject === subject)

function diskTroubles(view: TroubleView): readonly TroubleFound[] {
  const { freeBytes, minFreeBytes } = view
  return (
    [
      ['full', minFreeBytes],
      ['low', minFreeBytes * LOW_DISK],
    ] as const
  ).flatMap(([code, least]) =>
    freeBytes < least * (isOpen(view, 'disk', code) ? ENOUGH_AGAIN : 1)
      ? [{ kind: 'disk', subject: code, code, detail: { free: freeBytes, least: minFreeBytes } }]
      : [],
  )
}

function networkTrouble(view: TroubleView): readonly TroubleFound[] {
  const since = iso(new Date(view.now.getTime() - RECENT_MS))
  const asked = view.sources.filter(({ lastPolledAt }) => lastPolledAt !== null && lastPolledAt >= since)
  const isDown = ({ status, lastErrorCode }: SourceState): boolean =>
    status !== 'ok' && lastErrorCode !== null && networkCodes.has(lastErrorCode)
  const outlets = (states: readonly SourceState[]): number => new Set(states.map(({ outletId }) => outletId)).size
  const failing = outlets(asked.filter(isDown))
  const all = outlets(asked)
  const isStill = isOpen(view, 'network')
  const down = isStill
    ? all === 0 || failing >= all * BACK_SHARE
    : failing >= FEWEST_DOWN && failing >= all * DOWN_SHARE
  return down ? [{ kind: 'network', subject: '', code: 'network', detail: { failing, all } }] : []
}

function standstill(view: TroubleView): readonly TroubleFound[] {
  const late = iso(new Date(view.now.getTime() - OVERDUE_MS))
  // A full disk stops collecting too, and is told as such.
  if (iso(view.upSince) > late || view.freeBytes < view.minFreeBytes) return []
  const planned = view.sources.filter(({ nextPollAt }) => nextPollAt !== null)
  const overdue = planned.filter(({ nextPollAt }) => nextPollAt !== null && nextPollAt < late).length
  if (overdue === 0 || overdue < planned.length * OVERDUE_SHARE) return []
  const detail = { overdue, all: planned.length, minutes: OVERDUE_MS / MINUTE }
  return [{ kind: 'standstill', subject: '', code: 'standstill', detail }]
}

function outletTroubles({ coverage, sources }: TroubleView): readonly TroubleFound[] {
  const failures = new Map(sources.flatMap((one) => (one.lastError === null ? [] : [[one.outletId, one] as const])))
  return coverage.flatMap(({ outletId, status, code }): TroubleFound[] => {
    if (!OUTLET_TROUBLES.has(status)) return []
    const words = failures.get(outletId)?.lastError ?? ''
    const detail = { code: failures.get(outletId)?.lastErrorCode ?? code ?? '', words: words.slice(0, 300) }
    return [{ kind: 'outlet', subject: outletId, code: status, detail }]
  })
}

/**
 * Writes what began, changed and ended; a trouble keeps its beginning through changes of its state.
 * @returns nothing: what is to be told is asked of the store
 */
export async function noteTroubles(store: Store, found: readonly TroubleFound[], now: Date): Promise<void> {
  const at = iso(now)
  await store.transaction(async (inner) => {
    const open = await inner.troubles.open()
    const key = ({ kind, subject }: Pick<Trouble, 'kind' | 'subject'>): string => `${kind} ${subject}`
    const still = new Set(found.map(key))
    for (const one of open) if (!still.has(key(one))) await inner.troubles.end(one.id, at)
    for (const { detail, ...one } of found) await inner.troubles.note({ ...one, detail: JSON.stringify(detail) }, at)
  })
}

/**
 * Of the open troubles those that the administrator is to be told now: what may pass is given its time, and while the
 * line is down, or an outlet was not asked since it came back, that outlet says nothing of its own.
 */
export function toTell(options: {
  readonly open: readonly Trouble[]
  /** When the line last came back. */
  readonly networkEndedAt: Instant | null
  readonly sources: readonly SourceState[]
  readonly now: Date
}): readonly Trouble[] {
  const { open, networkEndedAt, sources, now } = options
  const isDown = open.some(({ kind }) => kind === 'network')
  const stoodFor = ({ since }: Trouble): number => now.getTime() - Date.parse(since)
  return open.filter((trouble) => {
    if (trouble.toldAt !== null) return false
    if (trouble.kind === 'network') return stoodFor(trouble) >= NETWORK_PATIENCE_MS
    if (trouble.kind !== 'outlet' || !PASSING.has(trouble.code)) return true
    if (isDown || stoodFor(trouble) < PATIENCE_MS) return false
    if (networkEndedAt === null) return true
    return sources.some(
      ({ outletId, lastPolledAt }) =>
        outletId === trouble.subject && lastPolledAt !== null && lastPolledAt > networkEndedAt,
    )
  })
}
