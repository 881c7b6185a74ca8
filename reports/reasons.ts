import type { Evidence } from '../model.ts'
import { shortenNames } from '../pipeline/initials.ts'
import type { Profile } from '../profiles/schema.ts'
import type { AssessedArticle } from '../store/store.ts'
import { namesOptions } from './quotes.ts'
import type { Reason, ReasonWord } from './report-data.ts'

/** Words or passages shown for one reason, at most, and characters of a passage. The article's page shows them all. */
const MOST_WORDS = 4
const MOST_PASSAGES = 2
const PASSAGE_LENGTH = 120

/** Words that an article said for a judgement. */
export interface Spoken {
  readonly evidence: Evidence
  readonly article: AssessedArticle
}

/** The words of articles that spoke for a judgement (`sensitive`, `topic:<id>`), not against it. */
export const spokenFor = (judgement: string, articles: readonly AssessedArticle[]): readonly Spoken[] =>
  articles.flatMap((article) =>
    (article.assessment?.evidence ?? [])
      .filter((one) => one.for === judgement && one.weight > 0)
      .map((evidence) => ({ evidence, article })),
  )

/** The words of an article that spoke for its tone: of a list those of that tone, and what a model weighed for it. */
export const spokenForTone = (article: AssessedArticle): readonly Spoken[] =>
  (article.assessment?.evidence ?? []).flatMap((evidence): Spoken[] => {
    if (evidence.for !== 'tone') return []
    const tone = article.assessment?.tone
    const learned = evidence.rule?.startsWith('model') === true
    if (learned ? evidence.weight > 0 : tone === 'positive' && evidence.weight > 0) return [{ evidence, article }]
    // In the list's words the sign is the tone.
    if (learned || tone !== 'negative' || evidence.weight >= 0) return []
    return [{ evidence: { ...evidence, weight: -evidence.weight }, article }]
  })

/**
 * Why articles are sensitive: the profile's conditions with the words that met them; what a model weighed in articles
 * that meet none; and, where no words speak, a person's decision.
 */
export function sensitiveReasons(profile: Profile, articles: readonly AssessedArticle[]): readonly Reason[] {
  const sensitive = articles.filter(({ assessment }) => assessment?.sensitive === true)
  const spoken = spokenFor('sensitive', sensitive)
  const reasons: Reason[] = profile.conditions.flatMap(({ id, label }) => {
    const own = spoken.filter(({ evidence }) => evidence.rule === id)
    return own.length === 0 ? [] : [{ by: 'words' as const, label: label.vi, words: reasonWords(profile, own) }]
  })
  const known = new Set(profile.conditions.map(({ id }) => id))
  const isCondition = ({ evidence: { rule } }: Spoken): boolean => rule !== undefined && known.has(rule)
  const met = new Set(spoken.filter(isCondition).map(({ article }) => article.id))
  const learned = spoken.filter((one) => !isCondition(one) && !met.has(one.article.id))
  if (learned.length > 0) reasons.push({ by: 'words', label: null, words: reasonWords(profile, learned) })
  const heard = new Set(spoken.map(({ article }) => article.id))
  if (sensitive.some(({ id, corrected }) => corrected && !heard.has(id)))
    reasons.push({ by: 'person', label: null, words: [] })
  return reasons
}

/** So many words speak for themselves: beside them a lone syllable ("xã") tells a reader nothing more. */
const ENOUGH = 2

/**
 * Each word once, the heaviest first; none that stands within another ("lũ" beside "lũ quét"). Lone syllables stand where
 * few longer words do, a whole sentence with where it stands. Names of minors, victims and suspects become initials.
 */
export function reasonWords(profile: Profile, spoken: readonly Spoken[]): readonly ReasonWord[] {
  // A syllable that a model weighed tells a reader nothing; the sentence in which it found it does.
  const sentences = spoken.filter(({ evidence }) => evidence.rule !== 'model: word')
  const telling = sentences.length > 0 ? sentences : spoken
  const lone = new Set(telling.filter(isLone))
  const heaviest = telling.toSorted(
    (a, b) => b.evidence.weight - a.evidence.weight || Number(lone.has(a)) - Number(lone.has(b)),
  )
  const words = new Map<string, Spoken>()
  for (const one of heaviest) {
    const key = one.evidence.text.toLocaleLowerCase('vi')
    if (!words.has(key)) words.set(key, one)
  }
  const keys = [...words.keys()]
  const apart = [...words].filter(([word]) => !keys.some((other) => other !== word && holds(other, word)))
  const isEnough = apart.filter(([, one]) => !lone.has(one)).length >= ENOUGH
  let passages = 0
  return apart
    .filter(([, one]) => !(isEnough && lone.has(one)))
    .filter(([, one]) => !isPassage(one) || ++passages <= MOST_PASSAGES)
    .slice(0, MOST_WORDS)
    .map(([, one]) => ({ ...shown(profile, one), ...(isPassage(one) ? { source: sourceOf(profile, one) } : {}) }))
}

const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}]+$/u

/** A syllable of Vietnamese, a character of Chinese, a stub of another language: by itself it may be a part of any word. */
function isLone({ evidence: { text }, article: { language } }: Spoken): boolean {
  if (!/^[\p{L}\p{M}]+$/u.test(text)) return false
  if (UNSPACED.test(text) || /^\p{Script=Hangul}+$/u.test(text)) return text.length === 1
  return language === 'vi' || text.length <= 3
}

/** Whether a word stands in another, from border to border where its script has borders. */
function holds(other: string, word: string): boolean {
  if (word.length >= other.length) return false
  if (UNSPACED.test(word)) return other.includes(word)
  return ` ${other.replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ')} `.includes(` ${word} `)
}

function shown(profile: Profile, one: Spoken): Omit<ReasonWord, 'source'> {
  const { evidence, article } = one
  const { field, from, to } = evidence
  // In Vietnamese a syllable of a definition is a word that an analyst wrote ("lũ").
  const isStub = isLone(one) && article.language !== 'vi'
  const whole = isStub ? withNeighbours(article[field] ?? '', from, to, evidence.text) : evidence.text
  const { text, shortened } = shortenNames(whole, namesOptions(profile, one))
  const cut = text.length > PASSAGE_LENGTH ? `${text.slice(0, PASSAGE_LENGTH).trimEnd()}…` : text
  return { text: cut, field, articleId: article.id, ...(shortened.length > 0 ? { shortened: true } : {}) }
}

/** Up to two words on each side, in the same clause. */
function withNeighbours(source: string, from: number, to: number, text: string): string {
  if (source.slice(from, to) !== text) return text
  const [left, right] = UNSPACED.test(text)
    ? [/\p{L}{0,2}$/u, /^\p{L}{0,2}/u]
    : [/(?:[\p{L}\p{M}\p{N}-]+ ){0,2}$/u, /^(?: [\p{L}\p{M}\p{N}-]+){0,2}/u]
  const before = left.exec(source.slice(0, from))?.[0] ?? ''
  const after = right.exec(source.slice(to))?.[0] ?? ''
  return `${before}${text}${after}`
}

/** What a model weighed as a whole, which a reader takes for a quotation. */
const isPassage = ({ evidence: { rule = '' } }: Spoken): boolean => rule.startsWith('model') && rule !== 'model: word'

const sourceOf = (profile: Profile, { article }: Spoken): NonNullable<ReasonWord['source']> => ({
  outlet: profile.outletDefinitions.find(({ id }) => id === article.outletId)?.name ?? article.outletId,
  version: article.version,
})
