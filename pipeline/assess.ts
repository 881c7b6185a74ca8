import type { Assessable, Assessment, Evidence, Language, RelevanceLevel, StepKey } from '../model.ts'
import type { Profile } from '../profiles/schema.ts'
import { gazetteer } from './gazetteer.ts'
import { type FieldText, readFields } from './reading.ts'
import { isNamed, MAIN_POINTS, mainPoints, relevanceEvidence, relevanceOf } from './relevance.ts'
import { conditionLists, metConditions, sensitivityEvidence } from './sensitivity.ts'
import { shapeOf } from './shape.ts'
import type { Step } from './step.ts'
import { termBook } from './terms.ts'
import { toneEvidence, toneLists, toneOf } from './tone.ts'
import { termEvidence, topicLists, topicScores } from './topics.ts'

/** Rises with each change of behaviour. */
const VERSION = 1
const NAME = 'assess'
/** So much of the text decides between `main` and `mention`, in characters. */
const READ_LENGTH = 1700

export interface Assessor {
  /** Keys the results of this assessor. */
  readonly key: StepKey
  /** Judges one article; pure. Topics, tone and sensitivity are judged whatever the relevance. */
  readonly assess: (article: Assessable) => Promise<Assessment>
  /** The same as a step of the pipeline. */
  readonly step: Step<Assessable, Assessable & { readonly assessment: Assessment }>
}

/** Vietnamese accents tell Vietnamese; otherwise every language's terms are looked for. */
const languageOf = (article: Assessable, fields: readonly FieldText[]): Language | null =>
  article.language ?? (fields.some((field) => field.scan.accented) ? 'vi' : null)

/**
 * Compiles a profile into an assessor; takes some hundred milliseconds, so that one is made and kept.
 *
 * @param options.profile places, topics, tone and conditions
 */
export function createAssessor({ profile }: { readonly profile: Profile }): Assessor {
  const places = gazetteer(profile)
  const terms = termBook([
    ...topicLists(profile.topics),
    ...toneLists(profile.tone),
    ...conditionLists(profile.conditions),
  ])
  const key: StepKey = { step: NAME, stepVersion: VERSION, profileDigest: profile.digest, modelDigest: 'lexicon' }

  const assess = async (article: Assessable): Promise<Assessment> => {
    const fields = readFields(article)
    const mentions = places.read(fields)
    const hits = terms.read(fields, languageOf(article, fields))
    const level: RelevanceLevel = !isNamed(mentions)
      ? 'none'
      : mainPoints(shapeOf(fields, mentions, READ_LENGTH)) >= MAIN_POINTS
        ? 'main'
        : 'mention'
    const topics = topicScores(profile.topics, hits)
      .filter((topic) => topic.score >= 0.5)
      .sort((a, b) => b.score - a.score)
    const met = metConditions(profile.conditions, hits, level, new Set(topics.map((topic) => topic.id)))
    const evidence: Evidence[] = [
      ...relevanceEvidence(fields, mentions),
      ...topics.flatMap((topic) => termEvidence(fields, hits, `topic:${topic.id}`)),
      ...toneEvidence(fields, hits),
      ...sensitivityEvidence(fields, hits, met),
    ]
    return {
      relevance: relevanceOf(fields, mentions, level),
      topics,
      tone: toneOf(hits),
      sensitive: met.length > 0,
      evidence,
    }
  }

  return {
    key,
    assess,
    step: {
      name: NAME,
      version: VERSION,
      run: (batch) => Promise.all(batch.map(async (article) => ({ ...article, assessment: await assess(article) }))),
    },
  }
}
