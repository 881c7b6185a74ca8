import { createHash } from 'node:crypto'
import type { Assessment, Evidence, PlaceMention } from '../../model.ts'
import type { Store } from '../../store/store.ts'
import type { SampleStory } from './report-samples.ts'

const key = { step: 'assess', stepVersion: 1, profileDigest: 'sample', modelDigest: 'lexicon' }
const HOUR = 3_600_000

/** Where `words` stand in the sample, first in its title, then lead, then text. */
function find(sample: SampleStory, words: string): Pick<Evidence, 'field' | 'from' | 'to' | 'text'> {
  for (const field of ['title', 'lead', 'text'] as const) {
    const from = sample[field].toLowerCase().indexOf(words.toLowerCase())
    if (from >= 0) return { field, from, to: from + words.length, text: sample[field].slice(from, from + words.length) }
  }
  throw new Error(`the sample ${sample.story} does not contain "${words}"`)
}

function assessmentOf(sample: SampleStory): Assessment {
  const places: PlaceMention[] = sample.places.map(({ id, name }) => ({ id, ...find(sample, name) }))
  const { sensitive } = sample
  const evidence: Evidence[] = (sensitive?.words ?? []).map((words) => ({
    for: 'sensitive',
    ...find(sample, words),
    weight: 1,
    rule: sensitive?.condition,
  }))
  return {
    relevance: { level: sample.level ?? 'main', score: 0.9, places },
    topics: Object.entries(sample.topics).map(([id, score]) => ({ id, score })),
    tone: sample.tone,
    sensitive: sensitive !== undefined,
    evidence,
  }
}

export interface FillOptions {
  readonly shiftDays?: number
  /** From publication to first sight. */
  readonly seenAfterMs?: number
  readonly assess?: boolean
}

/** Puts sample stories into a store, each outlet's print an hour after the one before; returns the articles' ids by `story/outlet`. */
export const fillStore = (
  store: Store,
  stories: readonly SampleStory[],
  options: FillOptions = {},
): Promise<ReadonlyMap<string, string>> => store.transaction((inside) => fill(inside, stories, options))

async function fill(
  store: Store,
  stories: readonly SampleStory[],
  options: FillOptions,
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>()
  for (const sample of stories) {
    let original: string | null = null
    for (const [index, outletId] of sample.outlets.entries()) {
      const time = Date.parse(sample.day) + index * HOUR + (options.shiftDays ?? 0) * 24 * HOUR
      const published = new Date(time).toISOString()
      const seenAt = new Date(time + (options.seenAfterMs ?? 600_000)).toISOString()
      const storyId = `${sample.story}-${options.shiftDays ?? 0}`
      const url = `https://${outletId.replaceAll('_', '-')}.example/${storyId}-${digits(storyId)}.html`
      const { article } = await store.articles.save({
        outletId,
        url,
        aliases: [],
        pageId: null,
        extracted: {
          url,
          title: sample.title,
          lead: sample.lead,
          text: sample.text,
          byline: sample.byline ?? null,
          section: null,
          published,
          modified: null,
          language: sample.language,
          canonical: url,
          image: null,
          imageCaption: null,
          completeness: sample.completeness ?? 'full',
          by: {},
          doubts: [],
        },
        language: sample.language,
        published,
        publishedBy: 'page',
        seenAt,
      })
      if (options.assess !== false)
        await store.assessments.put(article.id, article.version, key, assessmentOf(sample), seenAt)
      await store.stories.assign(
        { articleId: article.id, storyId, opened: index === 0, copyOf: original, similarity: 1, anchors: [] },
        sample.title,
        published,
      )
      original ??= article.id
      ids.set(`${sample.story}/${outletId}`, article.id)
    }
  }
  return ids
}

const digits = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE(0)
