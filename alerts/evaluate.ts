import { iso } from '../clock.ts'
import type { AlertChange } from '../model.ts'
import type { AlertRule, Profile } from '../profiles/schema.ts'
import type { AssessedArticle, Store } from '../store/store.ts'
import { changesFor, happenedTooLongAgo } from './changes.ts'
import type { Channel } from './channels/channel.ts'
import { isTooOld, matches } from './rules.ts'

/** Names the position of this consumer in the change feed. */
const CONSUMER = 'alerts'
/** Changes per transaction: small enough that collecting never waits long. */
const BATCH = 200

export interface Evaluation {
  /** Changes read. */
  readonly changes: number
  readonly alerts: number
  /** Articles that met a rule, but are older than the rule allows. */
  readonly tooOld: number
}

/**
 * Reads what changed since the last time and raises each rule once per story; further articles of the story, and copies,
 * raise nothing more. A rule about edits or take-downs is raised once per article and occasion. An alert, the intents to deliver it and the position in the feed are written together.
 *
 * @param channels those that are configured: a rule's other channels get no intent
 */
export async function evaluateAlerts(options: {
  readonly store: Store
  readonly profile: Profile
  readonly now: Date
  readonly channels: readonly Pick<Channel, 'name'>[]
}): Promise<Evaluation> {
  const total = { changes: 0, alerts: 0, tooOld: 0 }
  for (;;) {
    const batch = await evaluateBatch(options)
    total.changes += batch.changes
    total.alerts += batch.alerts
    total.tooOld += batch.tooOld
    if (batch.changes < BATCH) return total
  }
}

async function evaluateBatch({
  store,
  profile,
  now,
  channels,
}: Parameters<typeof evaluateAlerts>[0]): Promise<Evaluation> {
  const outlets = new Map(profile.outletDefinitions.map((outlet) => [outlet.id, outlet]))
  const at = iso(now)
  /** What a rule may tell of an article that meets it: that it was published, or each of its later changes. */
  const occasionsOf = async (
    inside: Store,
    rule: AlertRule,
    article: AssessedArticle,
  ): Promise<readonly (AlertChange | null | 'too old')[]> => {
    if (rule.when.change === undefined) return [isTooOld(rule, article, now) ? 'too old' : null]
    const happened = await changesFor(inside, rule, article)
    return happened.map((one) => (happenedTooLongAgo(rule, one.at, now) ? 'too old' : one.change))
  }
  return store.transaction(async (inside) => {
    const position = await inside.changes.position(CONSUMER)
    const changes = await inside.changes.after(position, BATCH)
    const last = changes.at(-1)
    if (!last) return { changes: 0, alerts: 0, tooOld: 0 }
    let [alerts, tooOld] = [0, 0]
    for (const article of await inside.articles.getMany([...new Set(changes.map(({ articleId }) => articleId))])) {
      const outlet = outlets.get(article.outletId)
      // Without a story there is nothing to count by yet: the assignment comes as a change of its own.
      if (!outlet || article.storyId === null) continue
      for (const rule of profile.alerts) {
        if (!matches(rule, article, outlet)) continue
        for (const change of await occasionsOf(inside, rule, article)) {
          if (change === 'too old') {
            tooOld += 1
            continue
          }
          const { storyId, id: articleId } = article
          const alert = await inside.alerts.create({ ruleId: rule.id, storyId, articleId, change, createdAt: at })
          if (alert === null) continue
          alerts += 1
          for (const name of rule.channels)
            if (channels.some((channel) => channel.name === name))
              await inside.alerts.intend(alert.id, name, `alert-${alert.id}-${name}@${profile.id}.press-monitor`, at)
        }
      }
    }
    await inside.changes.setPosition(CONSUMER, last.seq)
    return { changes: changes.length, alerts, tooOld }
  })
}
