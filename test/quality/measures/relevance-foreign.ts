import { join } from 'node:path'
import type { Assessment } from '../../../model.ts'
import { createAssessor } from '../../../pipeline/assess.ts'
import { loadProfile } from '../../../profiles/load.ts'
import { type ForeignSample, loadForeignSamples } from '../foreign/samples.ts'
import { bootstrap, type Counts, count, f1, type Measure, type MeasureResult, precision, recall } from '../measure.ts'

/**
 * Relevance in other languages than Vietnamese, on short articles written and labelled by us (`../foreign`): half of
 * them look like the province and are not (老街 in Taiwan or Kokang, Sapa Inca, Sabah, mint in Korean …).
 */

interface Judged {
  readonly sample: ForeignSample
  readonly assessment: Assessment
}

const repository = join(import.meta.dirname, '../../..')

async function judgeAll(): Promise<Judged[]> {
  const profile = await loadProfile(join(repository, 'profiles/lao-cai'), join(repository, 'crawlers/outlets'))
  const topics = new Set(profile.topics.map((topic) => topic.id))
  const { assess } = createAssessor({ profile })
  const judged: Judged[] = []
  for (const sample of await loadForeignSamples('short')) {
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

async function run(): Promise<MeasureResult> {
  const judged = await judgeAll()
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

export const measures: readonly Measure[] = [
  { id: 'relevance.foreign.f1', title: 'Relevance (anything but none) in foreign languages, our samples', run },
]
