import type { Tone } from '../model.ts'
import { denseFeatures } from '../pipeline/dense-features.ts'
import { type Gazetteer, gazetteer } from '../pipeline/gazetteer.ts'
import { featuresOf, type Grouped, READ_LENGTH, type Token, tokenise } from '../pipeline/model-features.ts'
import { readFields } from '../pipeline/reading.ts'
import { isNamed } from '../pipeline/relevance.ts'
import { facts, shapeOf } from '../pipeline/shape.ts'
import { termLists } from '../pipeline/term-lists.ts'
import { type TermBook, termBook } from '../pipeline/terms.ts'
import type { Profile } from '../profiles/schema.ts'
import type { Labelled } from './data.ts'

/** A labelled article as the model sees it. */
export interface Example {
  readonly item: Labelled
  /** Items of one group are near-duplicates. */
  readonly group: number
  readonly tokens: readonly Token[]
  readonly grouped: Grouped
  readonly dense: ReadonlyMap<string, number>
  /** The rules say that the province is named. */
  readonly named: boolean
}

/** +1 or −1 for a head, 0 where the label does not say. */
export type Label = (example: Example) => -1 | 0 | 1

const yes = (is: boolean): -1 | 1 => (is ? 1 : -1)

export const TONES: readonly Tone[] = ['positive', 'neutral', 'negative']

/** Reads the articles with the profile's rules; one to two milliseconds each. */
export function examplesOf(profile: Profile, items: readonly Labelled[], groups: readonly number[]): Example[] {
  const places: Gazetteer = gazetteer(profile)
  const terms: TermBook = termBook(termLists(profile))
  return items.map((item, i) => {
    const article = {
      id: item.id,
      title: item.title,
      lead: null,
      text: item.text,
      outletId: null,
      language: 'vi',
      published: null,
    }
    const fields = readFields(article)
    const mentions = places.read(fields)
    const tokens = tokenise(fields, mentions)
    return {
      item,
      group: groups[i] ?? -1 - i,
      tokens,
      grouped: featuresOf(tokens, facts(shapeOf(fields, mentions, READ_LENGTH))),
      dense: denseFeatures(fields, terms.read(fields, 'vi'), mentions),
      named: isNamed(mentions),
    }
  })
}

/** Subject or mention, of those that really name the province. */
export const labelMain: Label = ({ item, named }) =>
  named && item.relevance !== null ? yes(item.relevance === 'main') : 0
export const labelTopic =
  (id: string): Label =>
  ({ item }) =>
    item.topics === null ? 0 : yes(item.topics.includes(id))
export const labelTone =
  (tone: Tone): Label =>
  ({ item }) =>
    item.relevance === 'main' && item.tone !== null ? yes(item.tone === tone) : 0
export const labelSensitive: Label = ({ item, named }) =>
  named && item.relevance !== null && item.sensitive !== null ? yes(item.sensitive) : 0
