import type { Alert, Outlet } from '../model.ts'
import type { AlertRule, Profile } from '../profiles/schema.ts'
import { reasonWords, sensitiveReasons, spokenFor, spokenForTone } from '../reports/reasons.ts'
import type { AssessedArticle, Store } from '../store/store.ts'
import type { Cause } from './channels/channel.ts'

const HOUR = 3_600_000

/** Whether an article meets every condition of a rule; `mention` is the least relevance, so `main` meets it too. */
export function matches(rule: AlertRule, article: AssessedArticle, outlet: Outlet): boolean {
  const { when } = rule
  const { assessment } = article
  if (!assessment) return false
  const { level } = assessment.relevance
  return (
    (level === 'main' || level === when.relevance) &&
    (when.sensitive === undefined || assessment.sensitive === when.sensitive) &&
    (when.topics === undefined || assessment.topics.some(({ id }) => when.topics?.includes(id))) &&
    (when.origin === undefined || outlet.origin === when.origin) &&
    (when.tone === undefined || assessment.tone === when.tone) &&
    (article.text.trim() !== '' || article.corrected || when.change !== undefined || saysSoItself(rule, article))
  )
}

/**
 * Whether title and lead by themselves meet what a rule asks for, by words of the profile. Of an article whose page gave no
 * text nothing else is known: a model, which learned from texts, guesses from those few words, and a guess wakes nobody.
 * Once the text is read the article is looked at anew.
 */
function saysSoItself({ when }: AlertRule, article: AssessedArticle): boolean {
  const says = (judgement: string, spoken = spokenFor(judgement, [article])): boolean =>
    spoken.some(({ evidence: { rule } }) => rule?.startsWith('model') !== true)
  return (
    (when.sensitive !== true || says('sensitive')) &&
    (when.topics === undefined || when.topics.some((id) => says(`topic:${id}`))) &&
    (when.tone === undefined || when.tone === 'neutral' || says('tone', spokenForTone(article)))
  )
}

/**
 * Whether an article is too old to alert to: published long before it was first seen, or first seen long before now
 * (what an archive assessed anew would otherwise set off).
 */
export function isTooOld(rule: AlertRule, article: AssessedArticle, now: Date): boolean {
  const limit = rule.maxAgeHours * HOUR
  const seen = Date.parse(article.firstSeen)
  return seen - Date.parse(article.published) > limit || now.getTime() - seen > limit
}

/** The article of an alert as it stood when the alert was raised: what it says later did not cause it. */
export const articleOf = (store: Store, { articleId, change, createdAt }: Alert): Promise<AssessedArticle | null> =>
  store.articles.asOf(articleId, createdAt, change?.kind === 'edited' ? change.version : null)

/** The words that made a rule fire, by condition, topic or tone; a person's decision has none. */
export function causesOf(profile: Profile, rule: AlertRule, article: AssessedArticle): readonly Cause[] {
  const { when } = rule
  const causes: Cause[] = when.sensitive === true ? [...sensitiveReasons(profile, [article])] : []
  for (const id of when.topics ?? []) {
    const topic = profile.topics.find((one) => one.id === id)
    const own = spokenFor(`topic:${id}`, [article])
    if (topic && own.length > 0) causes.push({ by: 'words', label: topic.label.vi, words: reasonWords(profile, own) })
  }
  if (when.tone !== undefined) {
    const own = spokenForTone(article)
    if (own.length > 0) causes.push({ by: 'words', label: null, words: reasonWords(profile, own) })
  }
  return causes
}
