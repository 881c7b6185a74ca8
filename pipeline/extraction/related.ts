import { isSeeAlso, opensOtherArticles, startsWithArrow } from './labels.ts'
import { wordsOf } from './layout.ts'
import type { Destination } from './links.ts'

/** What must be known of a paragraph to tell whether it is the headline of another article. */
export interface Linked {
  readonly text: string
  /** Share of the text within links, 0 to 1. */
  readonly linked: number
  readonly leads: Destination | null
  readonly tag: string
  readonly holder: string
  readonly marker?: boolean
}

const fewestWords = 4
const mostWords = 32
/** Links to other articles say less than this part of a text; where they say more, they are what it is about. */
const mostRelatedShare = 0.4
const fewestOfList = 6

const endsStatement = (text: string): boolean => /[^.][.。:：]$/u.test(text)
const endsSentence = (text: string): boolean => /[.!?…。！？:："”’»)）」』]$/u.test(text)
const isShort = (text: string): boolean => {
  const words = text.length > 400 ? mostWords + 1 : wordsOf(text)
  return words >= fewestWords && words <= mostWords
}

/** Whether a text alone on its line could be a headline: short, and no sentence. */
export const isHeadline = (text: string): boolean => isShort(text) && !endsSentence(text)

/** Index of the first of the paragraphs at the end that all could be headlines. */
export function headlinesAtEnd(paragraphs: readonly Linked[]): number {
  const last = paragraphs.findLastIndex(({ text, marker }) => marker !== true && !isHeadline(text))
  return last + 1
}

const isItem = ({ tag }: Linked): boolean => tag === 'li' || tag === 'dd'

/** A line that leads to another page of the house: all of it, or what follows a topic ("Natur: …"). */
const isLinkedHeadline = ({ text, linked, leads, marker }: Linked): boolean =>
  marker !== true && leads === 'sister' && linked >= 0.5 && isShort(text) && !endsStatement(text)

/** Whether a line by itself, a link and no sentence, is the headline of a related article. */
function standsAlone({ text, linked, leads, tag, marker }: Linked): boolean {
  if (marker === true || leads === null || leads === 'self' || !isShort(text)) return false
  if (linked > 0.6 && startsWithArrow(text)) return true
  if (linked <= 0.85 || !/^(?:p|div|span|strong)$/.test(tag)) return false
  return leads === 'sister' && linked > 0.95 ? !endsStatement(text) : !endsSentence(text)
}

/**
 * Which paragraphs are headlines of other articles by what they link to and how they stand: one alone between those of
 * the text, or several in a row, as items that make up a list or lines of one look. A list that the text announces
 * ("… as follows:") or that stands under a heading of its own is the text's.
 * @returns indices; linear in the paragraphs
 */
export function findRelated(paragraphs: readonly Linked[]): ReadonlySet<number> {
  const related = new Set<number>()
  let words = 0
  let relatedWords = 0
  let at = 0
  const take = (index: number) => {
    related.add(index)
    relatedWords += wordsOf(paragraphs[index]?.text ?? '')
  }
  while (at < paragraphs.length) {
    const first = paragraphs[at]
    if (first === undefined) break
    let end = at
    while (end < paragraphs.length && isSameRun(first, paragraphs[end])) end += 1
    if (end === at) {
      if (standsAlone(first)) take(at)
      else words += first.marker === true ? 0 : wordsOf(first.text)
      at += 1
      continue
    }
    const isRun = isRelatedRun(paragraphs, at, end)
    for (let index = at; index < end; index += 1) {
      const paragraph = paragraphs[index]
      if (isRun || (paragraph !== undefined && standsAlone(paragraph))) take(index)
      else words += wordsOf(paragraph?.text ?? '')
    }
    at = end
  }
  const isAboutThem = related.size >= fewestOfList && relatedWords > (words + relatedWords) * mostRelatedShare
  return isAboutThem ? new Set() : related
}

const isSameRun = (first: Linked, other: Linked | undefined): boolean =>
  other !== undefined &&
  isLinkedHeadline(other) &&
  other.tag === first.tag &&
  (isItem(first) || other.holder === first.holder)

/** Whether the linked headlines from `from` to before `end` are a list of related articles. */
function isRelatedRun(paragraphs: readonly Linked[], from: number, end: number): boolean {
  const first = paragraphs[from]
  const before = paragraphs[from - 1]
  const after = paragraphs[end]
  if (first === undefined) return false
  if (isItem(first)) {
    // Items that do not lead away make it a list of the text.
    const belongs = (other: Linked | undefined) => other !== undefined && other.holder === first.holder && isItem(other)
    if (belongs(before) || belongs(after)) return false
  } else if (end - from < 2) return false
  if (before === undefined) return false
  if (before.marker === true || isSeeAlso(before.text) || opensOtherArticles(before.text)) return true
  return !/[:：]$/u.test(before.text) && !/^h[1-6]$/.test(before.tag)
}
