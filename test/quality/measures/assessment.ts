import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Assessment } from '../../../model.ts'
import { type Assessor, createAssessor } from '../../../pipeline/assess.ts'
import { linearModel, withTopics } from '../../../pipeline/linear-model.ts'
import { topicModel } from '../../../pipeline/topic-model.ts'
import { decodeVectors } from '../../../pipeline/weights-format.ts'
import { loadProfile } from '../../../profiles/load.ts'
import { isDataPresent, isFurther, type Labelled, readFurther, readGold } from '../../../train/data.ts'
import { type Example, examplesOf } from '../../../train/examples.ts'
import { fitBoth, fitRest } from '../../../train/fit.ts'
import { foldsOf } from '../../../train/folds.ts'
import { goldNear, groupsOf } from '../../../train/groups.ts'
import { seeded } from '../../../train/seeded.ts'
import { readTransposed } from '../../../train/transposed.ts'
import {
  bootstrap,
  type Counts,
  count,
  DataAbsent,
  f1,
  type Measure,
  type MeasureResult,
  precision,
  recall,
} from '../measure.ts'

/**
 * Relevance, topics, tone and sensitivity on the gold: five folds grouped by near-duplicates over both sets. In each, a
 * model is fitted on the other four (its thresholds by folds inside them), with the further items, which were chosen apart
 * from the gold, and judges through the assessor, as articles are judged in the monitor. Read once more without the further
 * items that share even stock phrases with the fold's (`.apart`); none of those taught topics.
 */

const FOLDS = 5
const LEAST_FOR_MACRO = 15
const root = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

interface Judged {
  readonly item: Labelled
  readonly group: number
  readonly assessment: Assessment
}

interface Run {
  readonly judged: readonly Judged[]
  /** The same by models that saw nothing that shares stock phrases with what they judge. */
  readonly apart: readonly Judged[]
  readonly topics: readonly string[]
}

async function judgeAll(): Promise<Run> {
  if (!isDataPresent()) throw new DataAbsent('../shared/data/gold is absent')
  const profile = await loadProfile(root('profiles/lao-cai'), root('crawlers/outlets'))
  const vectors = decodeVectors(readFileSync(root('pipeline/weights/vectors-vi.bin')))
  const words = decodeVectors(readFileSync(root('pipeline/weights/words-vi.bin')))
  const items = [...readGold(), ...readFurther(), ...readTransposed(profile)]
  const groups = groupsOf(items)
  const near = goldNear(items, groups)
  const examples = examplesOf(profile, items, groups)
  const foldOf = foldsOf(groups, FOLDS, seeded(7))
  const topics = profile.topics.map((topic) => topic.id)
  const judged: Judged[] = []
  const apart: Judged[] = []
  for (let fold = 0; fold < FOLDS; fold++) {
    const measured = new Set(groups.filter((_, i) => foldOf[i] === fold))
    const isApart = (i: number): boolean => near.get(i)?.isDisjointFrom(measured) !== false
    const seen = examples.filter((_, i) => foldOf[i] !== fold)
    const made = fitBoth(seen, topics, vectors, words)
    const strict = fitRest(
      examples.filter((_, i) => foldOf[i] !== fold && isApart(i)),
      vectors,
      words,
    )
    const own = examples.filter(({ item }, i) => foldOf[i] === fold && !isFurther(item))
    for (const [rest, into] of [
      [made.rest, judged],
      [strict, apart],
    ] as const) {
      const name = `fold ${fold}`
      const model = withTopics(topicModel(made.topics, name), linearModel(rest, name), name)
      into.push(...(await judgedBy(createAssessor({ profile, models: [model] }), own)))
    }
  }
  return { judged, apart, topics }
}

async function judgedBy({ assess }: Assessor, examples: readonly Example[]): Promise<Judged[]> {
  const judged: Judged[] = []
  for (const { item, group } of examples) {
    const { id, title, text } = item
    const unsaid = { lead: null, outletId: null, published: null }
    judged.push({ item, group, assessment: await assess({ id, title, text, language: 'vi', ...unsaid }) })
  }
  return judged
}

let once: Promise<Run> | null = null
const run = (): Promise<Run> => {
  once ??= judgeAll()
  return once
}

const grouped = (judged: readonly Judged[]): Judged[][] => [...Map.groupBy(judged, (one) => one.group).values()]
const province = (judged: readonly Judged[]): Judged[] => judged.filter(({ item }) => item.set === 'province')
const subjects = (judged: readonly Judged[]): Judged[] => judged.filter(({ item }) => item.relevance === 'main')

/** F1 with an interval, and the items it was wrong about. */
function f1Result(
  judged: readonly Judged[],
  is: (one: Judged) => boolean,
  said: (one: Judged) => boolean,
): MeasureResult {
  const counts = count(judged, is, said)
  return {
    value: f1(counts),
    ci: bootstrap(grouped(judged), (items) => f1(count(items, is, said))),
    n: judged.length,
    detail: {
      precision: precision(counts),
      recall: recall(counts),
      worst: judged
        .filter((one) => is(one) !== said(one))
        .map((one) => `${said(one) ? 'said' : 'missed'}: ${one.item.title} [${one.item.relevance}]`),
    },
  }
}

const assigned = ({ assessment }: Judged, topic: string): boolean => assessment.topics.some(({ id }) => id === topic)
const labelled = ({ item }: Judged, topic: string): boolean => item.topics?.includes(topic) === true
const countTopic = (judged: readonly Judged[], topic: string): Counts =>
  count(
    judged,
    (one) => labelled(one, topic),
    (one) => assigned(one, topic),
  )

function micro(judged: readonly Judged[], topics: readonly string[]): number {
  const counts = topics.map((topic) => countTopic(judged, topic))
  const sum = (of: (one: Counts) => number): number => counts.reduce((total, one) => total + of(one), 0)
  return f1({
    truePositive: sum((c) => c.truePositive),
    falsePositive: sum((c) => c.falsePositive),
    falseNegative: sum((c) => c.falseNegative),
  })
}

const frequent = (judged: readonly Judged[], topics: readonly string[]): string[] =>
  topics.filter((topic) => judged.filter((one) => labelled(one, topic)).length >= LEAST_FOR_MACRO)

function macro(judged: readonly Judged[], topics: readonly string[]): number {
  return topics.reduce((sum, topic) => sum + f1(countTopic(judged, topic)), 0) / (topics.length || 1)
}

/** Which topic stands where another should: how often. */
function confusions(judged: readonly Judged[], topics: readonly string[]): string[] {
  const pairs = new Map<string, number>()
  for (const one of judged)
    for (const wrong of topics.filter((topic) => assigned(one, topic) && !labelled(one, topic)))
      for (const missed of topics.filter((topic) => labelled(one, topic) && !assigned(one, topic))) {
        const key = `${missed} → ${wrong}`
        pairs.set(key, (pairs.get(key) ?? 0) + 1)
      }
  return [...pairs].sort((a, b) => b[1] - a[1]).map(([pair, n]) => `${n} × ${pair}`)
}

type Pick = (run: Run) => Judged[]
const ofSubjects: Pick = ({ judged }) => subjects(judged)
const ofGeneral: Pick = ({ judged }) => judged.filter(({ item }) => item.set === 'general')

const topicMeasures = (id: string, what: string, pick: Pick): Measure[] => [
  {
    id: `topics.${id}.micro`,
    title: `topics, micro F1, ${what}`,
    run: async () => {
      const all = await run()
      const judged = pick(all)
      return {
        value: micro(judged, all.topics),
        ci: bootstrap(grouped(judged), (items) => micro(items, all.topics), 300),
        n: judged.length,
        detail: { confusions: confusions(judged, all.topics) },
      }
    },
  },
  {
    id: `topics.${id}.macro`,
    title: `topics, macro F1 over topics with n ≥ ${LEAST_FOR_MACRO}, ${what}`,
    run: async () => {
      const all = await run()
      const judged = pick(all)
      const topics = frequent(judged, all.topics)
      const each = topics.map(
        (topic) =>
          `${topic}: ${f1(countTopic(judged, topic)).toFixed(2)} (${judged.filter((one) => labelled(one, topic)).length})`,
      )
      return {
        value: macro(judged, topics),
        ci: bootstrap(grouped(judged), (items) => macro(items, topics), 300),
        n: judged.length,
        detail: { each: each.join(', ') },
      }
    },
  },
]

const right = ({ item, assessment }: Judged): boolean => item.tone === assessment.tone
const share = (judged: readonly Judged[]): number => judged.filter(right).length / (judged.length || 1)

const isSensitive = ({ item }: Judged): boolean => item.sensitive === true
const saidSensitive = ({ assessment }: Judged): boolean => assessment.sensitive

/** Which of the two readings, what its ids end with and its titles add. */
interface Reading {
  readonly of: 'judged' | 'apart'
  readonly id: string
  readonly title: string
}
const READINGS: readonly Reading[] = [
  { of: 'judged', id: '', title: '' },
  { of: 'apart', id: '.apart', title: ', apart from shared stock phrases' },
]

const sensitiveMeasure = (name: string, of: (counts: Counts) => number, reading: Reading): Measure => ({
  id: `sensitive.${name}${reading.id}`,
  title: `sensitive, ${name}, over all items of the province's gold${reading.title}`,
  run: async () => {
    const judged = province((await run())[reading.of])
    return {
      value: of(count(judged, isSensitive, saidSensitive)),
      ci: bootstrap(grouped(judged), (items) => of(count(items, isSensitive, saidSensitive))),
      n: judged.length,
    }
  },
})

const mainMeasure = (reading: Reading): Measure => ({
  id: `relevance.main.f1${reading.id}`,
  title: `relevance \`main\`, F1${reading.title}`,
  run: async () =>
    f1Result(
      province((await run())[reading.of]),
      ({ item }) => item.relevance === 'main',
      ({ assessment }) => assessment.relevance.level === 'main',
    ),
})

const toneMeasure = (reading: Reading): Measure => ({
  id: `tone.accuracy${reading.id}`,
  title: `tone, accuracy on \`main\`${reading.title}`,
  run: async () => {
    const judged = subjects((await run())[reading.of])
    const wrong = judged.filter((one) => !right(one))
    const pairs = Map.groupBy(wrong, ({ item, assessment }) => `${item.tone} → ${assessment.tone}`)
    return {
      value: share(judged),
      ci: bootstrap(grouped(judged), share),
      n: judged.length,
      detail: {
        confusions: [...pairs].map(([pair, ones]) => `${ones.length} × ${pair}`),
        worst: wrong.map(({ item, assessment }) => `${item.tone} → ${assessment.tone}: ${item.title}`),
      },
    }
  },
})

export const measures: Measure[] = [
  {
    id: 'relevance.any.f1',
    title: 'relevance, anything but `none`, F1',
    run: async () =>
      f1Result(
        province((await run()).judged),
        ({ item }) => item.relevance !== 'none',
        ({ assessment }) => assessment.relevance.level !== 'none',
      ),
  },
  ...READINGS.map(mainMeasure),
  ...topicMeasures('main', 'on articles whose subject is the province', ofSubjects),
  ...topicMeasures('general', 'on articles from the whole country', ofGeneral),
  ...READINGS.map(toneMeasure),
  ...READINGS.flatMap((reading) => [
    sensitiveMeasure('precision', precision, reading),
    sensitiveMeasure('recall', recall, reading),
  ]),
]
