import { iso } from '../clock.ts'
import type { Article, Assessable, Assessment } from '../model.ts'
import type { Assessor } from '../pipeline/assess.ts'
import { type AssessmentDifference, differenceOf } from '../pipeline/compare.ts'
import type { AssessedArticle, Correction, CorrectionField, Store } from '../store/store.ts'

const DAY_MS = 86_400_000
const PAGE = 500

export const assessable = ({ id, title, lead, text, outletId, language, published }: Article): Assessable => ({
  ...{ id, title, lead, text, outletId, language, published },
})

/** An article that a change of the profile would judge otherwise. */
export interface WouldChange {
  readonly id: string
  readonly title: string
  readonly url: string
  readonly difference: AssessmentDifference
}

/**
 * Judges the articles of the last `days` by another assessor and shows what would change, without saving anything. The
 * comparison is between machines: people's corrections stand whatever the profile says.
 */
export async function tryAssessor(options: {
  readonly store: Store
  readonly candidate: Assessor
  readonly days: number
  readonly now: Date
}): Promise<{ readonly articles: number; readonly changes: readonly WouldChange[] }> {
  const { store, candidate, days, now } = options
  const firstSeenFrom = iso(new Date(now.getTime() - days * DAY_MS))
  const changes: WouldChange[] = []
  let articles = 0
  for (let offset = 0; ; offset += PAGE) {
    const page = await store.articles.list({ firstSeenFrom }, { offset, limit: PAGE })
    for (const article of page) {
      const before = (await store.assessments.ofMachine(article.id))?.assessment
      if (before === undefined) continue
      articles++
      const difference = differenceOf(before, await candidate.assess(assessable(article)))
      if (difference !== null) changes.push({ id: article.id, title: article.title, url: article.url, difference })
    }
    if (page.length < PAGE) return { articles, changes }
  }
}

export interface FieldAgreement {
  readonly field: CorrectionField
  /** Articles whose last correction of the field the current rules and model now give by themselves, of `corrected`. */
  readonly agreed: number
  readonly corrected: number
  readonly disagreements: readonly { readonly id: string; readonly person: string; readonly machine: string }[]
}

const judgementOf = (assessment: Assessment, field: CorrectionField): string =>
  field === 'relevance'
    ? assessment.relevance.level
    : field === 'topics'
      ? normal(assessment.topics.map((topic) => topic.id))
      : String(assessment[field])

const normal = (value: Correction['value']): string =>
  typeof value === 'object' ? value.toSorted().join(', ') || '—' : String(value)

/** How the current rules and model do against every correction that people made. */
export async function evaluateCorrections(store: Store, assessor: Assessor): Promise<readonly FieldAgreement[]> {
  const last = new Map<string, Correction>()
  for (const correction of (await store.assessments.corrections()).toSorted((a, b) => a.at.localeCompare(b.at)))
    last.set(`${correction.articleId} ${correction.field}`, correction)
  const corrections = [...last.values()]
  const articles = await articlesOf(store, corrections)
  const machine = new Map<string, Assessment>()
  for (const article of articles.values()) machine.set(article.id, await assessor.assess(assessable(article)))

  const fields: readonly CorrectionField[] = ['relevance', 'topics', 'tone', 'sensitive']
  return fields.map((field) => {
    const judged = corrections
      .filter((correction) => correction.field === field)
      .flatMap(({ articleId, value }) => {
        const assessment = machine.get(articleId)
        return assessment ? [{ id: articleId, person: normal(value), machine: judgementOf(assessment, field) }] : []
      })
    const disagreements = judged.filter(({ person, machine }) => person !== machine)
    return { field, agreed: judged.length - disagreements.length, corrected: judged.length, disagreements }
  })
}

/** An article that people corrected, in the form that `npm run train` and the measures read. */
export interface LabelledArticle {
  readonly id: string
  readonly date: string
  readonly outlet: string
  readonly title: string
  readonly text: string
  readonly relevance: string
  readonly topics: readonly string[]
  readonly tone: string
  readonly sensitive: boolean
}

/** Every corrected article with the judgement that stands: what training learns from. */
export async function exportCorrections(store: Store): Promise<readonly LabelledArticle[]> {
  const articles = await articlesOf(store, await store.assessments.corrections())
  return [...articles.values()].flatMap(({ id, published, outletId, title, lead, text, assessment }) =>
    assessment === null
      ? []
      : [
          {
            ...{ id, date: published.slice(0, 10), outlet: outletId, title },
            text: [lead, text].filter((part) => part).join('\n'),
            relevance: assessment.relevance.level,
            topics: assessment.topics.map((topic) => topic.id),
            tone: assessment.tone,
            sensitive: assessment.sensitive,
          },
        ],
  )
}

async function articlesOf(
  store: Store,
  corrections: readonly Correction[],
): Promise<ReadonlyMap<string, AssessedArticle>> {
  const ids = [...new Set(corrections.map(({ articleId }) => articleId))]
  return new Map((await store.articles.getMany(ids)).map((article) => [article.id, article]))
}
