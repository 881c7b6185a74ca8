import type { Evidence } from '../model.ts'
import type { Profile } from '../profiles/schema.ts'
import type { AssessedArticle } from '../store/store.ts'
import type { Reason, ReasonWord } from './report-data.ts'

/** Words or passages shown for one reason, at most, and characters of a passage. The article's page shows them all. */
const MOST_WORDS = 4
const MOST_PASSAGES = 2
const PASSAGE_LENGTH = 120

/**
 * Why articles are sensitive: the profile's conditions with the words that met them; what a model weighed in articles
 * that meet none; and, where no words speak, a person's decision.
 */
export function sensitiveReasons(profile: Profile, articles: readonly AssessedArticle[]): readonly Reason[] {
  const sensitive = articles.filter(({ assessment }) => assessment?.sensitive === true)
  const evidence = sensitive.flatMap(({ id, assessment }) =>
    (assessment?.evidence ?? [])
      .filter((one) => one.for === 'sensitive' && one.weight > 0)
      .map((one) => ({ ...one, articleId: id })),
  )
  const reasons: Reason[] = profile.conditions.flatMap(({ id, label }) => {
    const own = evidence.filter(({ rule }) => rule === id)
    return own.length === 0 ? [] : [{ by: 'words' as const, label: label.vi, words: reasonWords(own) }]
  })
  const known = new Set(profile.conditions.map(({ id }) => id))
  const isCondition = ({ rule }: Evidence): boolean => rule !== undefined && known.has(rule)
  const met = new Set(evidence.filter(isCondition).map(({ articleId }) => articleId))
  const learned = evidence.filter((one) => !isCondition(one) && !met.has(one.articleId))
  // A lone syllable tells a reader nothing; the sentence in which the model found it does.
  const sentences = learned.filter(({ rule }) => rule !== 'model: word')
  const telling = sentences.length > 0 ? sentences : learned
  const most = sentences.length > 0 ? MOST_PASSAGES : MOST_WORDS
  if (telling.length > 0) reasons.push({ by: 'words', label: null, words: reasonWords(telling, most) })
  const spoken = new Set(evidence.map(({ articleId }) => articleId))
  if (sensitive.some(({ id, corrected }) => corrected && !spoken.has(id)))
    reasons.push({ by: 'person', label: null, words: [] })
  return reasons
}

/** Each word once, the heaviest first. */
export function reasonWords(
  evidence: readonly (Evidence & { readonly articleId: string })[],
  most: number = MOST_WORDS,
): readonly ReasonWord[] {
  const words = new Map<string, ReasonWord>()
  for (const { text, field, articleId } of evidence.toSorted((a, b) => b.weight - a.weight)) {
    const shown = text.length > PASSAGE_LENGTH ? `${text.slice(0, PASSAGE_LENGTH).trimEnd()}…` : text
    const key = shown.toLocaleLowerCase('vi')
    if (!words.has(key)) words.set(key, { text: shown, field, articleId })
  }
  return [...words.values()].slice(0, most)
}
