import { type Clock, iso } from '../clock.ts'
import { translator } from '../locales/index.ts'
import type { AlertDelivery, DeliveryState } from '../model.ts'
import { tellsSeveral } from '../pipeline/round-up.ts'
import type { Profile } from '../profiles/schema.ts'
import type { Store } from '../store/store.ts'
import { toldChange } from './changes.ts'
import type { AlertContent, Channel, SendOutcome } from './channels/channel.ts'
import { articleOf, causesOf } from './rules.ts'

const t = translator('vi')

const MINUTE = 60_000
/** A clear failure is tried again after 1, 2, 4 … minutes, an hour at most, and given up after this many attempts (about a day). */
const MOST_ATTEMPTS = 30
const backOff = (attempts: number): number => Math.min(2 ** (attempts - 1), 60) * MINUTE

/**
 * Where a delivery stands, beyond its state; kept in brackets at the end of its `error`, after a text for people.
 * - `interrupted`, `unconfirmed` (state unknown): to be sent once more.
 * - `resend-waiting` (unknown): sending once more failed clearly; to be tried again later.
 * - `resending` (unknown): was being sent once more; never again.
 * - `unknown` (unknown): was sent once more; never again.
 * - `waiting` (failed): failed clearly; to be tried again later.
 * - `rejected`, `expired`, `gone` (failed): never again.
 */
type Standing =
  | 'interrupted'
  | 'unconfirmed'
  | 'resend-waiting'
  | 'resending'
  | 'unknown'
  | 'waiting'
  | 'rejected'
  | 'expired'
  | 'gone'

const standingOf = ({ error }: AlertDelivery): string => /\[([a-z-]+)\]$/.exec(error ?? '')?.[1] ?? ''
const told = (standing: Standing, text: string): string => `${text} [${standing}]`

export interface DeliveryRun {
  readonly confirmed: number
  /** To be tried again later. */
  readonly waiting: number
  readonly failed: number
  readonly unknown: number
}

interface Options {
  readonly store: Store
  readonly profile: Profile
  readonly channels: readonly Channel[]
  readonly clock: Clock
  /** How the office reaches the monitor's pages. */
  readonly publicUrl: string
}

/**
 * Sends what is intended and due. An attempt is recorded before it starts and its outcome after it ended, so that after
 * a crash what was confirmed is never sent again, and what may have arrived is sent once more under the same id and
 * shown as such. One process at a time: the scheduler's lease sees to it.
 */
export async function deliverAlerts(options: Options): Promise<DeliveryRun> {
  const { store, channels, clock } = options
  const run = { confirmed: 0, waiting: 0, failed: 0, unknown: 0 }
  for (const delivery of await store.alerts.deliveries({ states: ['intended', 'failed', 'unknown'] })) {
    const channel = channels.find(({ name }) => name === delivery.channel)
    if (!channel) continue
    const found = await markInterrupted(options, delivery)
    if (!isDue(found, clock.now())) continue
    const outcome = await attempt(options, channel, found)
    run[outcome] += 1
  }
  return run
}

/** An attempt without an outcome is what a process that died leaves behind. */
async function markInterrupted({ store, clock }: Options, delivery: AlertDelivery): Promise<AlertDelivery> {
  if (delivery.state !== 'intended' || delivery.attempts === 0) return delivery
  const error = told('interrupted', t('alerts.delivery.interrupted'))
  const at = iso(clock.now())
  await store.alerts.outcome(delivery.id, 'unknown', error, at)
  return { ...delivery, state: 'unknown', error, outcomeAt: at }
}

function isDue(delivery: AlertDelivery, now: Date): boolean {
  if (delivery.state === 'intended') return true
  const standing = standingOf(delivery)
  if (standing === 'interrupted' || standing === 'unconfirmed') return true
  if (standing !== 'waiting' && standing !== 'resend-waiting') return false
  const since = now.getTime() - Date.parse(delivery.outcomeAt ?? delivery.intendedAt)
  return since >= backOff(delivery.attempts)
}

async function attempt(options: Options, channel: Channel, delivery: AlertDelivery): Promise<keyof DeliveryRun> {
  const { store, clock } = options
  const end = (state: Exclude<DeliveryState, 'intended'>, error: string | null): Promise<void> =>
    store.alerts.outcome(delivery.id, state, error, iso(clock.now()))
  const content = await contentOf(options, delivery)
  if (content === null) {
    await end('failed', told('gone', t('alerts.delivery.gone')))
    return 'failed'
  }
  const resent = delivery.state === 'unknown'
  await store.transaction(async (inside) => {
    await inside.alerts.attempt(delivery.id, iso(clock.now()))
    if (resent) {
      // Before it is sent, so that a second crash leaves a mark that forbids a third time.
      const error = told('resending', t('alerts.delivery.resending'))
      await inside.alerts.outcome(delivery.id, 'unknown', error, iso(clock.now()))
    }
  })
  const outcome = await channel.send({ id: delivery.messageId, content, resent })
  const { state, error, counted } = recordOf(outcome, resent, delivery.attempts + 1)
  await end(state, error)
  return counted
}

interface Recorded {
  readonly state: Exclude<DeliveryState, 'intended'>
  readonly error: string | null
  readonly counted: keyof DeliveryRun
}

/** What an outcome means for what is recorded. */
function recordOf(outcome: SendOutcome, resent: boolean, attempts: number): Recorded {
  if (outcome.state === 'confirmed') {
    const notes = [
      resent ? t('alerts.delivery.resent') : null,
      outcome.note === null ? null : t('alerts.delivery.note', { note: outcome.note }),
    ].filter((note) => note !== null)
    return { state: 'confirmed', error: notes.length === 0 ? null : notes.join(' '), counted: 'confirmed' }
  }
  const { error } = outcome
  if (outcome.state === 'rejected')
    return {
      state: 'failed',
      error: told('rejected', t('alerts.delivery.rejected', { error })),
      counted: 'failed',
    }
  if (outcome.state === 'unknown')
    return {
      state: 'unknown',
      error: resent
        ? told('unknown', t('alerts.delivery.unknown', { error }))
        : told('unconfirmed', t('alerts.delivery.unconfirmed', { error })),
      counted: 'unknown',
    }
  if (attempts >= MOST_ATTEMPTS)
    return {
      state: resent ? 'unknown' : 'failed',
      error: told('expired', t('alerts.delivery.expired', { attempts, error })),
      counted: 'failed',
    }
  return {
    state: resent ? 'unknown' : 'failed',
    error: told(resent ? 'resend-waiting' : 'waiting', t('alerts.delivery.waiting', { error })),
    counted: 'waiting',
  }
}

/** What the alert tells, from the article as it stood when it was raised; null when article or rule are gone. */
async function contentOf(
  { store, profile, publicUrl }: Options,
  { alertId }: AlertDelivery,
): Promise<AlertContent | null> {
  const alert = await store.alerts.get(alertId)
  const rule = profile.alerts.find(({ id }) => id === alert?.ruleId)
  const article = alert && (await articleOf(store, alert))
  const outlet = profile.outletDefinitions.find(({ id }) => id === article?.outletId)
  if (!alert || !rule || !article || !outlet) return null
  const change = alert.change === null ? null : await toldChange(store, article, alert.change)
  if (change === null && alert.change !== null) return null
  const story = await store.stories.get(article.storyId ?? alert.storyId)
  return {
    alertId,
    createdAt: alert.createdAt,
    rule: { id: rule.id, label: rule.label.vi },
    department: profile.departments.find(({ id }) => id === rule.department)?.name ?? rule.department,
    story: story?.renamed ? story.title : null,
    article: {
      id: article.id,
      version: article.version,
      title: article.title,
      roundUp: tellsSeveral(article.title),
      outlet: outlet.name,
      language: article.language,
      published: article.published,
      url: article.url,
    },
    causes: causesOf(profile, rule, article),
    change,
    link: `${publicUrl.replace(/\/$/, '')}/articles/${encodeURIComponent(article.id)}`,
    province: profile.name.vi,
  }
}
