import type { Tree } from './extraction/tree.ts'
import { isBoilerplate, normalWords, type Reading, sameTitle, shareKept } from './real-change.ts'
import { splitSentences } from './sentences.ts'

/** A page as readers see it: what was read as its article, every text that it shows, and how it is built. */
export interface View {
  readonly reading: Reading
  readonly shown: readonly ShownText[]
  /** Elements with their classes, whatever their number and order. */
  readonly frame: ReadonlySet<string>
}

export interface ShownText {
  readonly text: string
  /** Nearly all of it is a link. */
  readonly isLink: boolean
}

/** Two pages of one layout share nearly all of their element names and classes; a relaunch keeps few. */
const SAME_FRAME = 0.6
const LINKED = 0.8
/** Fewer words, or no end mark, and it may be a caption or a label. */
const FEWEST_WORDS = 6
/** Share of words from which on one line was written in the place of another. */
const REWRITTEN = 0.5
const FULL_STOP = /[.!?…。！？]["'”’»)\]」』]*$/u
/** "Hà Nội - ", "(Báo mẫu) – ": the place or the desk before the first sentence. */
const DATELINE = /^[([]?\p{Lu}[^.!?;:"“\n]{1,40}?\s[-–—]\s+/u

/** @param reading what `extract` read from the same page */
export function viewOf(tree: Tree, reading: Reading): View {
  const frame = tree.nodes.map(({ tag, hint }) => `${tag} ${hint.replaceAll(/\d+/g, '0')}`)
  const shown = tree.blocks.map(({ text, linked }) => ({ text, isLink: linked >= text.length * LINKED }))
  return { reading, shown, frame: new Set(frame) }
}

/** Whether the pages are built differently, or were read by different means: then like is not compared with like. */
export function isOtherLayout(before: View, after: View): boolean {
  const { size } = before.frame.intersection(after.frame)
  if (size < SAME_FRAME * before.frame.union(after.frame).size) return true
  const [old, fresh] = [before.reading.by ?? {}, after.reading.by ?? {}]
  return ['title', 'lead', 'text'].some((field) => old[field] !== fresh[field])
}

const joined = (texts: readonly string[]): string => ` ${texts.flatMap((text) => normalWords(text)).join(' ')} `
const holds = (words: string, part: string): boolean => words.includes(` ${part} `)

/** All words of a page in reading order, what only machines are given of its article included. */
const wordsOf = ({ reading, shown }: View): string =>
  joined([...shown.map(({ text }) => text), reading.title, reading.lead ?? '', ...reading.text.split('\n')])

/** Sentences of the article that the other page does not show anywhere, beside a dateline. */
function onlyIn(view: View, other: string): readonly string[] {
  const links = new Set(view.shown.flatMap(({ text, isLink }) => (isLink ? normalWords(text).join(' ') : [])))
  const { lead, text } = view.reading
  // A description for search engines, often cut short, is none of the words that readers see.
  const isSeen = lead !== null && holds(joined(view.shown.map((block) => block.text)), normalWords(lead).join(' '))
  return [...(isSeen ? [lead] : []), ...text.split('\n')]
    .filter((line) => !isBoilerplate(line) && !links.has(normalWords(line).join(' ')))
    .flatMap((line) => splitSentences(line, null).map(({ from, to }) => line.slice(from, to)))
    .filter((sentence) => {
      const words = normalWords(sentence).join(' ')
      const rest = normalWords(sentence.replace(DATELINE, '')).join(' ')
      return words !== '' && !holds(other, words) && !(rest !== '' && holds(other, rest))
    })
}

const isSentence = (text: string): boolean =>
  FULL_STOP.test(text) && (normalWords(text).length >= FEWEST_WORDS || /[\p{Script=Han}\p{Script=Thai}]/u.test(text))

const isRewritten = (before: string, after: string): boolean => {
  const [old, fresh] = [normalWords(before), normalWords(after)]
  return Math.min(old.length, fresh.length) > 1 && Math.min(shareKept(old, fresh), shareKept(fresh, old)) >= REWRITTEN
}

/** The page's own headings: a title that stands there still was not changed. */
const showsTitle = ({ shown }: View, title: string): boolean => {
  const words = normalWords(title).join(' ')
  return shown.some(({ text, isLink }) => !isLink && normalWords(text).join(' ') === words)
}

/** What one page says and the other does not. */
export interface Differences {
  readonly title: boolean
  readonly removed: readonly string[]
  readonly added: readonly string[]
}

/**
 * What an outlet changed in an article although the page is now built, or read, in another way. A sentence counts when
 * the other page shows it nowhere: what merely went into the text or out of it (a caption, a teaser, a lead that the new
 * rules do not name) stands on both pages. Links are never words of the article.
 */
export function differencesAcross(before: View, after: View): Differences {
  const [old, fresh] = [before.reading.title, after.reading.title]
  // A shorter one for machines stands beside the one that readers see.
  const isForMachines = showsTitle(after, old) && !showsTitle(after, fresh)
  const title = !sameTitle(before.reading, after.reading) && !showsTitle(before, fresh) && !isForMachines
  return { title, removed: onlyIn(before, wordsOf(after)), added: onlyIn(after, wordsOf(before)) }
}

/**
 * Whether what differs is an edit. What other pages of the outlet say too (an author's box, a notice, the lead of a
 * neighbour) belongs to the page; a caption or label that only one side shows is the layout's, unless something was
 * written in its place.
 *
 * @param elsewhere texts of other pages of the outlet, in the old layout and in the new one
 */
export function isEditAcross({ title, removed, added }: Differences, elsewhere: readonly string[]): boolean {
  if (title) return true
  const others = joined(elsewhere)
  const own = (sentences: readonly string[]): readonly string[] =>
    sentences.filter((sentence) => !holds(others, normalWords(sentence).join(' ')))
  const [gone, fresh] = [own(removed), own(added)]
  return [...gone, ...fresh].some(isSentence) || gone.some((old) => fresh.some((now) => isRewritten(old, now)))
}
