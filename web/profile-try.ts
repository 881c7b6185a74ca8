import { assessable, causesOf } from '../crawlers/trial.ts'
import type { Assessable, Evidence } from '../model.ts'
import type { Assessor } from '../pipeline/assess.ts'
import { differenceOf } from '../pipeline/compare.ts'
import { readDefinition } from '../pipeline/definition.ts'
import type { JudgingName } from '../profiles/overlay.ts'
import type { Profile, Topic } from '../profiles/schema.ts'
import type { Store } from '../store/store.ts'
import type { Entry } from './profile-form.ts'
import type { TestView } from './views/profile-panel.ts'

/** Judges one article by the rules in force and by those being edited. */
export type TryOne = (options: {
  readonly sample: string
  readonly name: JudgingName
  readonly entry: Entry
  /** Null: the rules being edited are not valid. */
  readonly candidate: Profile | null
}) => Promise<TestView | null>

/** An address or id of an article of ours. */
const articleId = (sample: string): string | null =>
  /^\S*\/articles\/([\w-]+)\S*$/.exec(sample)?.[1] ?? (/^[0-9a-f-]{16,40}$/.test(sample) ? sample : null)

const nothing = { title: '', definition: null, before: null, after: null, words: [], corrected: false }

export function createTryOne(options: {
  readonly store: Store
  readonly assessor: () => Assessor
  readonly assessorFor: (profile: Profile) => Promise<Assessor>
}): TryOne {
  const { store } = options
  /** The last candidate: compiling one takes some hundred milliseconds, and only the sample may have changed. */
  let last: { readonly digest: string; readonly assessor: Promise<Assessor> } | null = null
  const compiled = (profile: Profile): Promise<Assessor> => {
    if (last?.digest !== profile.digest) last = { digest: profile.digest, assessor: options.assessorFor(profile) }
    return last.assessor
  }

  return async ({ sample, name, entry, candidate }) => {
    const text = sample.normalize('NFC').trim()
    if (text === '') return null
    const id = articleId(text)
    const article = id === null ? null : await store.articles.get(id)
    if (id !== null && !article) return { problem: 'no-article', ...nothing }
    const given = article ? assessable(article) : pasted(text)
    if (candidate === null) return { problem: 'invalid', ...nothing, title: given.title }
    const current = options.assessor()
    const before = await current.assess(given)
    const after =
      candidate.digest === current.key.profileDigest ? before : await (await compiled(candidate)).assess(given)
    const definition = name === 'topics' ? readDefinition(entry as unknown as Topic, given) : null
    const difference = differenceOf(before, after)
    const changed = difference === null ? [] : causesOf(difference, before, after).flatMap((cause) => cause.after)
    return {
      problem: null,
      title: given.title,
      definition: definition && { sum: Math.max(0, definition.sum), threshold: definition.threshold },
      before,
      after,
      words: definition ? definition.evidence : after.evidence.filter((one) => concerns(name, entry, one, changed)),
      corrected: article?.corrected === true,
    }
  }
}

/** Whether a piece of evidence has to do with the entry. */
function concerns(name: JudgingName, entry: Entry, evidence: Evidence, changed: readonly string[]): boolean {
  if (name === 'tone') return evidence.for === 'tone'
  if (name === 'sensitivity') return evidence.for === 'sensitive' && evidence.rule === entry.id
  const names = Object.values((entry.names ?? {}) as Record<string, readonly string[]>).flat()
  const word = evidence.text.toLowerCase()
  const isOurs = changed.includes(word) || names.some((one) => one.toLowerCase() === word)
  return isOurs && (evidence.for === 'relevance' || evidence.for.startsWith('place:'))
}

/** The first line is the title. */
function pasted(text: string): Assessable {
  const [title = '', ...rest] = text.split('\n')
  return {
    ...{ id: 'sample', title: title.trim(), lead: null, text: rest.join('\n').trim() },
    ...{ outletId: null, language: null, published: null },
  }
}
