import { type Clock, iso } from '../clock.ts'
import { findTroubles, noteTroubles, type TroubleView, toTell } from '../crawlers/troubles.ts'
import { translator } from '../locales/index.ts'
import { troubleWords } from '../locales/trouble.ts'
import type { Outlet } from '../model.ts'
import type { NoticeRecord, Store, Trouble } from '../store/store.ts'
import type { SendOutcome } from './channels/channel.ts'
import type { NoticeChannel, NoticeContent, ToldTrouble } from './channels/notice.ts'

const t = translator('vi')
const MINUTE = 60_000
/** Tried after 1, 2, 4 … minutes, an hour at most; given up after about a day. */
const MOST_ATTEMPTS = 30
const backOff = (attempts: number): number => Math.min(2 ** (attempts - 1), 60) * MINUTE

export interface NoticeOptions {
  readonly store: Store
  readonly outlets: readonly Outlet[]
  readonly clock: Clock
  /** Those that reach the administrator; without any, troubles are shown on the page of the system only. */
  readonly channels: readonly NoticeChannel[]
  readonly publicUrl: string
  readonly province: string
  /** Ends the ids of messages. */
  readonly profileId: string
}

export interface NoticeRun {
  readonly began: number
  readonly ended: number
  readonly confirmed: number
  readonly waiting: number
}

/**
 * Notes the troubles of the monitor itself and tells the administrator what began and what is over, each once, all of one
 * look in one message.
 */
export async function watchTroubles(
  options: NoticeOptions,
  look: (open: TroubleView['open']) => Promise<TroubleView>,
): Promise<NoticeRun> {
  const { store } = options
  const view = await look(await store.troubles.open())
  await noteTroubles(store, findTroubles(view), view.now)
  const told = await intendNotices(options, view)
  return { ...told, ...(await deliverNotices(options)) }
}

async function intendNotices(options: NoticeOptions, { sources, now }: TroubleView) {
  const { store, channels } = options
  if (channels.length === 0) return { began: 0, ended: 0 }
  const at = iso(now)
  return store.transaction(async (inner) => {
    const open = await inner.troubles.open()
    const recent = await inner.troubles.list(500)
    const networkEndedAt = recent.reduce<string | null>(
      (best, { kind, endedAt }) =>
        kind === 'network' && endedAt !== null && (best === null || endedAt > best) ? endedAt : best,
      null,
    )
    const began = toTell({ open, networkEndedAt, sources, now })
    const ended = await inner.troubles.endsToTell()
    if (began.length + ended.length === 0) return { began: 0, ended: 0 }
    const content: NoticeContent = {
      ...{
        began: began.map((one) => told(options, one)),
        ended: ended.map((one) => told(options, one)),
        createdAt: at,
      },
      ...{ link: `${options.publicUrl.replace(/\/$/, '')}/system`, province: options.province },
    }
    const first = [...began, ...ended][0]?.id ?? 0
    for (const { name } of channels) {
      const messageId = `notice-${first}-${Date.parse(at)}-${name}@${options.profileId}.press-monitor`
      await inner.troubles.intend({ channel: name, messageId, data: JSON.stringify(content) }, at)
    }
    const ids = (some: readonly Trouble[]): number[] => some.map(({ id }) => id)
    await inner.troubles.told(ids(began), 'begin', at)
    await inner.troubles.told(ids(ended), 'end', at)
    return { began: began.length, ended: ended.length }
  })
}

function told({ outlets }: NoticeOptions, trouble: Trouble): ToldTrouble {
  const { kind, subject, code, since, endedAt } = trouble
  const name = outlets.find(({ id }) => id === subject)?.name ?? subject
  return {
    ...{ kind, code, since, ended: endedAt, outlet: kind === 'outlet' ? subject : null },
    ...troubleWords(t, trouble, name),
  }
}

/** Sends what is due: at least once, at most once more where the first outcome is not known. */
export async function deliverNotices({
  store,
  channels,
  clock,
}: Pick<NoticeOptions, 'store' | 'channels' | 'clock'>): Promise<{ confirmed: number; waiting: number }> {
  const run = { confirmed: 0, waiting: 0 }
  for (const notice of await store.troubles.due(iso(clock.now()))) {
    const channel = channels.find(({ name }) => name === notice.channel)
    if (!channel) continue
    // An attempt without an outcome is what a process that died leaves behind.
    const resent = notice.state === 'unknown' || (notice.state === 'intended' && notice.attempts > 0)
    await store.troubles.attempt(notice.id)
    const content: NoticeContent = JSON.parse(notice.data)
    const outcome = await channel.send({ id: notice.messageId, content, resent })
    const next = after(outcome, notice, resent, clock.now())
    await store.troubles.outcome(notice.id, next, iso(clock.now()))
    if (next.state === 'confirmed') run.confirmed += 1
    else if (next.nextAt !== null) run.waiting += 1
  }
  return run
}

function after(outcome: SendOutcome, { attempts }: NoticeRecord, resent: boolean, now: Date) {
  if (outcome.state === 'confirmed') return { state: 'confirmed', nextAt: null, error: outcome.note } as const
  const { error } = outcome
  if (outcome.state === 'rejected') return { state: 'failed', nextAt: null, error } as const
  if (outcome.state === 'unknown') return { state: 'unknown', nextAt: resent ? null : iso(now), error } as const
  const nextAt = attempts + 1 < MOST_ATTEMPTS ? iso(new Date(now.getTime() + backOff(attempts + 1))) : null
  return { state: resent ? 'unknown' : 'failed', nextAt, error } as const
}
