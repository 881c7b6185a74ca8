import { join } from 'node:path'
import type { Assessment } from '../../../model.ts'
import { createAssessor } from '../../../pipeline/assess.ts'
import { loadProfile } from '../../../profiles/load.ts'
import { type ForeignSample, loadForeignSamples, type SampleSet } from '../foreign/samples.ts'
import { bootstrap, type Counts, count, f1, type Measure, type MeasureResult, precision, recall } from '../measure.ts'

/**
 * Other languages than Vietnamese, on articles written and labelled by us (`../foreign`, whose README says when each set was
 * read first): many look like the province and are not (老街 in Taiwan or Kokang, Sapa Inca, Sabah, mint in Korean …).
 */

interface Judged {
  readonly sample: ForeignSample
  readonly assessment: Assessment
}

const repository = join(import.meta.dirname, '../../..')

async function judgeAll(set: SampleSet): Promise<Judged[]> {
  const profile = await loadProfile(join(repository, 'profiles/lao-cai'), join(repository, 'crawlers/outlets'))
  const topics = new Set(profile.topics.map((topic) => topic.id))
  const { assess } = createAssessor({ profile })
  const judged: Judged[] = []
  for (const sample of await loadForeignSamples(set)) {
    const unknown = sample.label.topics.filter((topic) => !topics.has(topic))
    if (unknown.length > 0) throw new Error(`foreign sample ${sample.id}: the profile has no topic ${unknown}`)
    const { id, title, text, language } = sample
    const article = { id, title, lead: null, text, outletId: null, language, published: null }
    judged.push({ sample, assessment: await assess(article) })
  }
  return judged
}

const anyCounts = (judged: readonly Judged[]): Counts =>
  count(
    judged,
    ({ sample }) => sample.label.relevance !== 'none',
    ({ assessment }) => assessment.relevance.level !== 'none',
  )

function line(name: string, judged: readonly Judged[]): string {
  const counts = anyCounts(judged)
  const figures = [f1(counts), precision(counts), recall(counts)].map((figure) => figure.toFixed(3))
  return `${name}: F1 ${figures[0]}, precision ${figures[1]}, recall ${figures[2]}, n ${judged.length}`
}

/** `zh-003 none → mention «缅北老街»: 云南警方在缅北老街…`, with what was taken for a place of the province. */
function confusion({ sample, assessment }: Judged): string {
  const words = assessment.relevance.places.map(({ text }) => text)
  const found = words.length === 0 ? '' : ` «${[...new Set(words)].join(', ')}»`
  return `${sample.id} ${sample.label.relevance} → ${assessment.relevance.level}${found}: ${sample.title}`
}

const share = (judged: readonly Judged[], right: (one: Judged) => boolean): string =>
  `${judged.filter(right).length} of ${judged.length}`

/** Each set is judged once for all its measures. */
const judgedSets = new Map<SampleSet, Promise<Judged[]>>()

function judgedOf(set: SampleSet): Promise<Judged[]> {
  const known = judgedSets.get(set)
  if (known) return known
  const judged = judgeAll(set)
  judgedSets.set(set, judged)
  return judged
}

async function named(set: SampleSet): Promise<MeasureResult> {
  const judged = await judgedOf(set)
  const isAny = ({ sample }: Judged): boolean => sample.label.relevance !== 'none'
  const isWrong = (one: Judged): boolean => isAny(one) !== (one.assessment.relevance.level !== 'none')
  const isLevel = ({ sample, assessment }: Judged): boolean => sample.label.relevance === assessment.relevance.level
  const about = judged.filter((one) => isAny(one) && !isWrong(one))
  const sensitive = count(
    about,
    ({ sample }) => sample.label.sensitive,
    ({ assessment }) => assessment.sensitive,
  )
  return {
    value: f1(anyCounts(judged)),
    ci: bootstrap(
      judged.map((one) => [one]),
      (drawn) => f1(anyCounts(drawn)),
    ),
    n: judged.length,
    detail: {
      'by language': [...Map.groupBy(judged, ({ sample }) => sample.language)]
        .sort(([, a], [, b]) => b.length - a.length)
        .map(([language, ofLanguage]) => line(language, ofLanguage)),
      'main, mention or none as labelled': share(judged, isLevel),
      'of those rightly found, first topic of the label among the first three found': share(
        about,
        ({ sample, assessment }) => {
          const [first] = sample.label.topics
          return assessment.topics.slice(0, 3).some(({ id }) => id === first)
        },
      ),
      'of those rightly found, tone as labelled': share(
        about,
        ({ sample, assessment }) => sample.label.tone === assessment.tone,
      ),
      'of those rightly found, sensitive': `precision ${precision(sensitive).toFixed(3)}, recall ${recall(sensitive).toFixed(3)}`,
      'taken for the province': judged.filter((one) => isWrong(one) && !isAny(one)).map(confusion),
      'not recognised': judged.filter((one) => isWrong(one) && isAny(one)).map(confusion),
      'main taken for mention or mention for main': judged
        .filter((one) => !isWrong(one) && !isLevel(one))
        .map(confusion),
    },
  }
}

const mainCounts = (judged: readonly Judged[]): Counts =>
  count(
    judged,
    ({ sample }) => sample.label.relevance === 'main',
    ({ assessment }) => assessment.relevance.level === 'main',
  )

async function subject(set: SampleSet): Promise<MeasureResult> {
  const judged = await judgedOf(set)
  const groups = judged.map((one) => [one])
  return {
    value: f1(mainCounts(judged)),
    ci: bootstrap(groups, (drawn) => f1(mainCounts(drawn))),
    n: judged.length,
  }
}

/** Every pair of an article on the province and a topic that the label or the assessment gives it. */
function topicCounts(judged: readonly Judged[]): Counts {
  const pairs = judged.flatMap(({ sample, assessment }) => {
    const labelled = new Set(sample.label.topics)
    const found = new Set(assessment.topics.map(({ id }) => id))
    return [...labelled.union(found)].map((id) => ({ labelled: labelled.has(id), found: found.has(id) }))
  })
  return count(
    pairs,
    (pair) => pair.labelled,
    (pair) => pair.found,
  )
}

/** `en-201 crime_law, human_rights → society: title` */
const otherTopics = ({ sample, assessment }: Judged): string =>
  `${sample.id} ${sample.label.topics.join(', ')} → ${assessment.topics.map(({ id }) => id).join(', ')}: ${sample.title}`

async function topics(set: SampleSet): Promise<MeasureResult> {
  const judged = (await judgedOf(set)).filter(({ sample }) => sample.label.relevance === 'main')
  return {
    value: f1(topicCounts(judged)),
    ci: bootstrap(
      judged.map((one) => [one]),
      (drawn) => f1(topicCounts(drawn)),
    ),
    n: judged.length,
    detail: {
      'other topics than labelled': judged
        .filter((one) => {
          const { truePositive, falsePositive, falseNegative } = topicCounts([one])
          return falsePositive + falseNegative > truePositive
        })
        .map(otherTopics),
    },
  }
}

/** The three measures of a set whose articles are as long as the press writes them. */
const measuresOf = (set: Exclude<SampleSet, 'short'>, samples: string): Measure[] => [
  {
    id: `relevance.foreign.${set}.f1`,
    title: `Relevance (anything but none) in foreign languages, ${samples}`,
    run: () => named(set),
  },
  {
    id: `relevance.foreign.${set}.main`,
    title: `Relevance main in foreign languages, ${samples}`,
    run: () => subject(set),
  },
  {
    id: `relevance.foreign.${set}.topics`,
    title: `Topics on main in foreign languages, micro F1, ${samples}`,
    run: () => topics(set),
  },
]

export const measures: readonly Measure[] = [
  {
    id: 'relevance.foreign.f1',
    title: 'Relevance (anything but none) in foreign languages, our short samples',
    run: () => named('short'),
  },
  ...measuresOf('press', 'our samples of press length'),
  ...measuresOf('fresh', 'our samples after mending'),
  ...measuresOf('blind', 'our samples of a writer who had not read the rules'),
]
