import type { Assessable, Evidence, Language, Tone } from '../model.ts'
import type { Mention } from './gazetteer.ts'
import type { FieldText } from './reading.ts'
import type { Shape } from './shape.ts'
import type { TermHit } from './terms.ts'

/** What the rules already know of an article when a model is asked. */
export interface View {
  readonly article: Assessable
  readonly language: Language | null
  readonly fields: readonly FieldText[]
  readonly mentions: readonly Mention[]
  readonly shape: Shape
  readonly hits: readonly TermHit[]
}

/** A model's word on an article; null where it has none. Scores run from 0 to 1, 0.5 decides. */
export interface ModelJudgement {
  /** The province is the subject, given that it is named. */
  readonly main: number | null
  /** By topic id; a topic that the model does not know is absent. */
  readonly topics: ReadonlyMap<string, number>
  readonly tone: Tone | null
  readonly sensitive: number | null
  /** The words and sentences that weigh most for one judgement: `topic:tourism`, `tone`, `sensitive`, `relevance`. */
  readonly evidence: (about: string) => readonly Evidence[]
}

export interface ArticleModel {
  /** `sha256:<hex>` of its weights, or a name and version: keys the results. */
  readonly digest: string
  /** Languages it judges; null: all. */
  readonly languages: readonly Language[] | null
  readonly judge: (view: View) => Promise<ModelJudgement>
}
