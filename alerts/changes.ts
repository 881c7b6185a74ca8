import type { AlertChange, Article, Instant } from '../model.ts'
import { differenceOf, folded } from '../pipeline/difference.ts'
import type { AlertRule } from '../profiles/schema.ts'
import type { AssessedArticle, Store } from '../store/store.ts'
import type { ToldChange } from './channels/channel.ts'

const HOUR = 3_600_000
/** Unchanged words kept on each side of a change in a message. */
const CONTEXT_WORDS = 6

interface Happened {
  readonly change: AlertChange
  readonly at: Instant
}

/**
 * What became of an article that a rule for edits or take-downs tells: each version that the outlet changed, or that it is
 * gone now. Only articles chiefly about the province, and sensitive ones.
 */
export async function changesFor(
  store: Store,
  rule: AlertRule,
  article: AssessedArticle,
): Promise<readonly Happened[]> {
  const { assessment } = article
  if (assessment?.relevance.level !== 'main' && assessment?.sensitive !== true) return []
  if (rule.when.change === 'edited') {
    const versions = await store.visits.versions(article.id)
    return versions.flatMap(({ version, seenAt, cause }) =>
      cause === 'edited' ? [{ change: { kind: 'edited', version }, at: seenAt }] : [],
    )
  }
  const goneAt = (await store.visits.fates([article.id])).get(article.id)?.goneAt ?? null
  return goneAt === null ? [] : [{ change: { kind: 'removed', goneAt }, at: goneAt }]
}

/** Whether it happened too long ago to be told (a rule that was added later, an archive read anew). */
export const happenedTooLongAgo = (rule: AlertRule, at: Instant, now: Date): boolean =>
  now.getTime() - Date.parse(at) > rule.maxAgeHours * HOUR

const fields = ['title', 'lead', 'text'] as const

/** What a message says of a change; null when its version is no more. */
export async function toldChange(store: Store, article: Article, change: AlertChange): Promise<ToldChange | null> {
  if (change.kind === 'removed') {
    const log = await store.visits.log(article.id)
    const found = log.find(({ outcome, at }) => outcome === 'gone' && at === change.goneAt)
    if (found === undefined || found.reason === null) return null
    return { kind: 'removed', at: change.goneAt, reason: found.reason, evidence: found.evidence ?? '' }
  }
  const [versions, notes] = await Promise.all([store.articles.versions(article.id), store.visits.versions(article.id)])
  const before = versions.find(({ version }) => version === change.version - 1)
  const after = versions.find(({ version }) => version === change.version)
  const at = notes.find(({ version }) => version === change.version)?.seenAt
  if (!before || !after || at === undefined) return null
  const differences = fields.flatMap((field) => {
    const segments = differenceOf(before[field] ?? '', after[field] ?? '', after.language)
    return segments.some(({ kind }) => kind !== 'same')
      ? [{ field, segments: folded(segments, after.language, CONTEXT_WORDS) }]
      : []
  })
  return { kind: 'edited', version: change.version, at, differences }
}
