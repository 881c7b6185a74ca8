import { iso } from '../clock.ts'
import type { Article, Assessable, Assessment, Evidence, Instant } from '../model.ts'
import type { Assessor } from '../pipeline/assess.ts'
import { type AssessmentDifference, differenceOf } from '../pipeline/compare.ts'
import type { Store } from '../store/store.ts'

const DAY_MS = 86_400_000
const PAGE = 100

export const assessable = ({ id, title, lead, text, outletId, language, published }: Article): Assessable => ({
  ...{ id, title, lead, text, outletId, language, published },
})

/** A judgement that would change, with the words that speak for it on either side. */
export interface ChangeCause {
  /** `relevance`, `topic:<id>`, `tone`, `sensitive`: as evidence names it. */
  readonly of: string
  /** Words of today's judgement that would no longer speak. */
  readonly before: readonly string[]
  /** Words that would speak and do not today. */
  readonly after: readonly string[]
}

/** An article that a change of the profile would judge otherwise. */
export interface WouldChange {
  readonly id: string
  readonly title: string
  readonly url: string
  readonly outletId: string
  readonly published: Instant
  readonly difference: AssessmentDifference
  readonly causes: readonly ChangeCause[]
}

export interface TrialProgress {
  readonly done: number
  readonly total: number
}

export interface TrialResult {
  /** Articles judged twice. */
  readonly articles: number
  readonly changes: readonly WouldChange[]
  /** Stopped by its signal: the rest was not looked at. */
  readonly cancelled: boolean
}

/**
 * Judges the articles of the last `days` by another assessor and shows what would change, without saving anything. The
 * comparison is between machines: people's corrections stand whatever the profile says. Between two articles the event
 * loop gets its turn, so that pages stay quick meanwhile.
 *
 * @param current what judges today: asked where the stored judgement is of another one
 */
export async function tryAssessor(options: {
  readonly store: Store
  readonly current: Pick<Assessor, 'key' | 'assess'>
  readonly candidate: Pick<Assessor, 'assess'>
  readonly days: number
  readonly now: Date
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: TrialProgress, changes: readonly WouldChange[]) => void
}): Promise<TrialResult> {
  const { store, current, candidate, days, now, signal, onProgress } = options
  const firstSeenFrom = iso(new Date(now.getTime() - days * DAY_MS))
  const firstSeenTo = iso(new Date(now.getTime() + 1))
  const total = await store.articles.count({ firstSeenFrom, firstSeenTo })
  const changes: WouldChange[] = []
  let articles = 0
  for (let offset = 0; ; offset += PAGE) {
    const page = await store.articles.list({ firstSeenFrom, firstSeenTo }, { offset, limit: PAGE })
    for (const article of page) {
      if (signal?.aborted) return { articles, changes, cancelled: true }
      await new Promise(setImmediate)
      const given = assessable(article)
      const stored = await store.assessments.ofMachine(article.id)
      const before = stored && sameKey(stored.key, current.key) ? stored.assessment : await current.assess(given)
      const after = await candidate.assess(given)
      articles++
      const difference = differenceOf(before, after)
      if (difference !== null) {
        const { id, title, url, outletId, published } = article
        changes.push({ id, title, url, outletId, published, difference, causes: causesOf(difference, before, after) })
      }
      onProgress?.({ done: articles, total: Math.max(total, articles) }, changes)
    }
    if (page.length < PAGE) return { articles, changes, cancelled: false }
  }
}

type Key = Assessor['key']
const sameKey = (a: Key, b: Key): boolean =>
  a.step === b.step &&
  a.stepVersion === b.stepVersion &&
  a.profileDigest === b.profileDigest &&
  a.modelDigest === b.modelDigest

const SHOWN = 6

/** The words that make each difference; where no word is new or gone (a threshold moved), those that speak for it. */
export function causesOf(difference: AssessmentDifference, before: Assessment, after: Assessment): ChangeCause[] {
  const of = [
    ...(difference.relevance ? ['relevance'] : []),
    ...[...difference.topicsAdded, ...difference.topicsRemoved].map((id) => `topic:${id}`),
    ...(difference.tone ? ['tone'] : []),
    ...(difference.sensitive ? ['sensitive'] : []),
  ]
  return of.map((one) => {
    const [was, is] = [wordsFor(one, before), wordsFor(one, after)]
    const gone = was.filter((word) => !is.includes(word))
    const fresh = is.filter((word) => !was.includes(word))
    const unchanged = gone.length === 0 && fresh.length === 0
    return {
      of: one,
      before: (unchanged ? was : gone).slice(0, SHOWN),
      after: (unchanged ? is : fresh).slice(0, SHOWN),
    }
  })
}

const speaksOf = (cause: string, { for: about }: Evidence): boolean =>
  about === cause || (cause === 'relevance' && about.startsWith('place:'))

const LONGEST = 60

function wordsFor(cause: string, { evidence }: Assessment): string[] {
  const spoken = evidence.filter((one) => speaksOf(cause, one) && one.text.length <= LONGEST)
  return [...new Set(spoken.map(({ text }) => text.toLowerCase()))]
}
