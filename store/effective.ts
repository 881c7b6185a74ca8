import type { Assessment, Instant, RelevanceLevel, Tone, TopicScore } from '../model.ts'
import { recordChange } from './changes.ts'
import type { Db } from './scope.ts'
import type { CorrectionField } from './store.ts'
import { planVisit } from './visits.ts'

export type CorrectionValue = string | readonly string[] | boolean

export interface StandingCorrection {
  readonly field: CorrectionField
  readonly value: CorrectionValue
}

/** What stands for an article that a person corrected while its newest version awaits the machine. */
const unassessed: Assessment = {
  relevance: { level: 'none', score: 0, places: [] },
  topics: [],
  tone: 'neutral',
  sensitive: false,
  evidence: [],
}

/** The machine's assessment with people's corrections over it; of each field the last correction counts. */
export function withCorrections(
  machine: Assessment | null,
  corrections: readonly StandingCorrection[],
): Assessment | null {
  if (corrections.length === 0) return machine
  let result = machine ?? unassessed
  for (const { field, value } of corrections) {
    if (field === 'relevance')
      result = { ...result, relevance: { ...result.relevance, level: value as RelevanceLevel } }
    else if (field === 'tone') result = { ...result, tone: value as Tone }
    else if (field === 'sensitive') result = { ...result, sensitive: value === true }
    else result = { ...result, topics: topicsOf(value as readonly string[], machine?.topics ?? []) }
  }
  return result
}

/** A topic that a person gave is certain, unless the machine had a score for it. */
const topicsOf = (ids: readonly string[], scored: readonly TopicScore[]): TopicScore[] =>
  ids.map((id) => scored.find((topic) => topic.id === id) ?? { id, score: 1 })

/** The value of one field as it stands, in the form of a correction. */
export function fieldValue(assessment: Assessment | null, field: CorrectionField): CorrectionValue | null {
  if (assessment === null) return null
  if (field === 'relevance') return assessment.relevance.level
  if (field === 'topics') return assessment.topics.map((topic) => topic.id)
  return assessment[field]
}

/** The assessment in effect of one article, read inside the caller's transaction. */
export async function readEffective(
  db: Db,
  articleId: string,
): Promise<{ assessment: Assessment | null; corrected: boolean }> {
  const row = await db
    .selectFrom('article')
    .leftJoin('assessment', 'assessment.id', 'article.assessmentId')
    .select('assessment.data')
    .where('article.id', '=', articleId)
    .executeTakeFirst()
  const corrections = await db
    .selectFrom('correction')
    .select(['field', 'value'])
    .where('articleId', '=', articleId)
    .orderBy('id')
    .execute()
  const standing = corrections.map(({ field, value }) => ({ field, value: JSON.parse(value) }))
  const machine: Assessment | null = row?.data ? JSON.parse(row.data) : null
  return { assessment: withCorrections(machine, standing), corrected: corrections.length > 0 }
}

/** Brings what lists filter by, and the visits planned, in line with the assessment in effect, and tells the change feed. */
export async function refreshEffective(db: Db, articleId: string, at: Instant): Promise<void> {
  const { assessment, corrected } = await readEffective(db, articleId)
  await db
    .updateTable('article')
    .set({
      relevance: assessment?.relevance.level ?? null,
      tone: assessment?.tone ?? null,
      sensitive: assessment === null ? null : assessment.sensitive ? 1 : 0,
      corrected: corrected ? 1 : 0,
    })
    .where('id', '=', articleId)
    .execute()
  await db.deleteFrom('articleTopic').where('articleId', '=', articleId).execute()
  await db.deleteFrom('articlePlace').where('articleId', '=', articleId).execute()
  const topics = new Map((assessment?.topics ?? []).map((topic) => [topic.id, topic.score]))
  for (const [topic, score] of topics) await db.insertInto('articleTopic').values({ articleId, topic, score }).execute()
  const places = new Set((assessment?.relevance.places ?? []).map((place) => place.id))
  for (const place of places) await db.insertInto('articlePlace').values({ articleId, place }).execute()
  await planVisit(db, articleId, at)
  await recordChange(db, [articleId])
}
