import { assessable } from '../crawlers/trial.ts'
import type { Assessment } from '../model.ts'
import type { Assessor } from '../pipeline/assess.ts'
import type { AssessedArticle, Correction, CorrectionField, Store } from '../store/store.ts'

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
