import type { Assessable, Assessment, Evidence, Language, RelevanceLevel, StepKey, Tone, TopicScore } from '../model.ts'
import type { Profile } from '../profiles/schema.ts'
import type { ArticleModel, ModelJudgement, View } from './article-model.ts'
import { besideHome, foreground } from './foreground.ts'
import { gazetteer } from './gazetteer.ts'
import { READ_LENGTH } from './model-features.ts'
import { type FieldText, readFields, round } from './reading.ts'
import { isNamed, MAIN_POINTS, mainPoints, relevanceEvidence, relevanceOf } from './relevance.ts'
import { metConditions, sensitivityEvidence } from './sensitivity.ts'
import { shapeOf } from './shape.ts'
import type { Step } from './step.ts'
import { termLists } from './term-lists.ts'
import { termBook } from './terms.ts'
import { toneEvidence, toneOf } from './tone.ts'
import { termEvidence, topicScores } from './topics.ts'

/** Rises with each change of behaviour. */
const VERSION = 6
const NAME = 'assess'

export interface Assessor {
  /** Keys the results of this assessor. */
  readonly key: StepKey
  /** Judges one article; pure. Topics, tone and sensitivity are judged whatever the relevance. */
  readonly assess: (article: Assessable) => Promise<Assessment>
  /** The same as a step of the pipeline. */
  readonly step: Step<Assessable, Assessable & { readonly assessment: Assessment }>
}

export interface AssessorOptions {
  /** Places, topics, tone and conditions. */
  readonly profile: Profile
  /** Of those that judge the article's language the first that has a word on a matter is heard; none: the definitions decide alone. */
  readonly models?: readonly ArticleModel[]
}

/** Vietnamese accents tell Vietnamese; otherwise every language's terms are looked for. */
const languageOf = (article: Assessable, fields: readonly FieldText[]): Language | null =>
  article.language ?? (fields.some((field) => field.scan.accented) ? 'vi' : null)

/**
 * Compiles a profile into an assessor; takes some hundred milliseconds, so that one is made and kept.
 *
 * How definitions and model are combined (measured by `npm run quality`): whether the province is named at all is the
 * gazetteer's word alone; a model that knows the language then tells subject from mention, and judges the topics it
 * knows, tone and sensitivity, with what the definitions found among its features. A topic that it does not know, and
 * every language that it does not know, is left to the definitions.
 */
export function createAssessor({ profile, models = [] }: AssessorOptions): Assessor {
  const places = gazetteer(profile)
  const terms = termBook(termLists(profile))
  const modelDigest = models.length === 0 ? 'lexicon' : models.map((model) => model.digest).join('+')
  const key: StepKey = { step: NAME, stepVersion: VERSION, profileDigest: profile.digest, modelDigest }

  const view = (article: Assessable): View => {
    const fields = readFields(article)
    const language = languageOf(article, fields)
    const mentions = places.read(fields, article)
    return {
      article,
      language,
      fields,
      mentions,
      shape:
        language === 'vi'
          ? shapeOf(fields, mentions, READ_LENGTH)
          : shapeOf(fields, foreground(fields, mentions), READ_LENGTH, false),
      hits: terms.read(fields, language),
    }
  }

  const assess = async (article: Assessable): Promise<Assessment> => {
    const seen = view(article)
    const able = models.filter(
      ({ languages }) => languages === null || (seen.language !== null && languages.includes(seen.language)),
    )
    return decide(profile, seen, first(await Promise.all(able.map((model) => model.judge(seen)))))
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

/** On each matter the first model that has a word: a configured one for topics, the shipped one for the rest. */
function first(judgements: readonly ModelJudgement[]): ModelJudgement {
  const main = judgements.find((one) => one.main !== null)
  const topics = judgements.find((one) => one.topics.size > 0)
  const tone = judgements.find((one) => one.tone !== null)
  const sensitive = judgements.find((one) => one.sensitive !== null)
  return {
    main: main?.main ?? null,
    topics: topics?.topics ?? new Map(),
    tone: tone?.tone ?? null,
    sensitive: sensitive?.sensitive ?? null,
    evidence: (about) => {
      const source = about.startsWith('topic:')
        ? topics
        : about === 'tone'
          ? tone
          : about === 'sensitive'
            ? sensitive
            : main
      return source?.evidence(about) ?? []
    },
  }
}

function decide(profile: Profile, view: View, judgement: ModelJudgement): Assessment {
  const { fields, mentions, hits } = view
  const level = levelOf(view, judgement)
  const topics = topicsOf(profile, view, judgement, level)
  const beside = level === 'mention' ? hits.filter(besideHome(fields, mentions)) : []
  const met = metConditions(profile.conditions, { hits, beside }, level, new Set(topics.map((topic) => topic.id)))
  const learnedSensitive =
    judgement.sensitive === null ? met.length > 0 : level !== 'none' && judgement.sensitive >= 0.5
  // What the office says always counts, a model has no say in.
  const sensitive = learnedSensitive || met.some((condition) => condition.decides === true)
  const tone: Tone = judgement.tone ?? toneOf(hits, sensitive)
  const learned = (about: string): readonly Evidence[] => judgement.evidence(about)
  return {
    relevance: relevanceOf(fields, mentions, level),
    topics,
    tone,
    sensitive,
    evidence: [
      ...relevanceEvidence(fields, mentions),
      ...(judgement.main === null || level === 'none' ? [] : learned('relevance')),
      ...topics.flatMap(({ id }) => [...termEvidence(fields, hits, `topic:${id}`), ...learned(`topic:${id}`)]),
      ...toneEvidence(fields, hits),
      ...learned('tone'),
      ...(sensitive ? [...sensitivityEvidence(fields, hits, met), ...learned('sensitive')] : []),
    ],
  }
}

function levelOf({ mentions, shape }: View, judgement: ModelJudgement): RelevanceLevel {
  if (!isNamed(mentions)) return 'none'
  const isSubject = judgement.main === null ? mainPoints(shape) >= MAIN_POINTS : judgement.main >= 0.5
  return isSubject ? 'main' : 'mention'
}

/** Most articles are about one to three things: the weaker ones beyond are noise. */
const MOST_TOPICS = 3

/** Whoever writes of the province writes about something: there the best guess from this score on stands alone, a model's if one judges. */
const LEAST_GUESS = 0.2

function topicsOf(profile: Profile, { hits }: View, judgement: ModelJudgement, level: RelevanceLevel): TopicScore[] {
  const alone = judgement.topics.size === 0
  const ranked = topicScores(profile.topics, hits, alone)
    .map(({ id, score }) => ({ id, score: round(judgement.topics.get(id) ?? score) }))
    .sort((a, b) => b.score - a.score)
  const sure = ranked.filter((topic) => topic.score >= 0.5).slice(0, MOST_TOPICS)
  if (sure.length > 0 || level === 'none') return sure
  return ranked.filter(({ id, score }) => (alone || judgement.topics.has(id)) && score >= LEAST_GUESS).slice(0, 1)
}
