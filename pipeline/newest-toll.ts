import type { Instant, Language } from '../model.ts'
import { countsIn } from './contradictions.ts'
import { tokens } from './features.ts'
import { isRoundUp } from './round-up.ts'
import { type Toll, tolls } from './tolls.ts'
import { cosine, packTerms } from './vectors.ts'

/**
 * The first reports of an event tell its first toll. A story must not go on under a title that later ones have outdated:
 * "7 người tử vong", when the same outlets print 9 by now.
 */

interface Titled {
  readonly title: string
  readonly language: Language
  readonly published: Instant
}

/** The gravest first. */
const KINDS: readonly Toll['kind'][] = ['dead', 'missing', 'injured', 'hospitalised', 'poisoned']

const termsOf = (title: string): Uint32Array => packTerms(tokens(title))

/** What a title says of each kind; of several counts of one kind the greatest, the others being a part of it. */
function told({ title, language }: Titled): ReadonlyMap<Toll['kind'], number> {
  const found =
    language === 'vi'
      ? countsIn(title.normalize('NFC')).map(({ kind, value }) => ({ kind, count: value }))
      : tolls(title.normalize('NFKC'), language)
  return new Map(
    KINDS.flatMap((kind) => {
      const counts = found.filter((one) => one.kind === kind).map(({ count }) => count)
      return counts.length === 0 ? [] : [[kind, Math.max(...counts)] as const]
    }),
  )
}

/** Cosine of two titles' weighted terms from which they plainly tell one event. */
const SAME_WORDS = 0.3

interface Telling {
  readonly title: string
  readonly count: number
  /** Worded like the title in question. */
  readonly alike: boolean
}

/**
 * The toll by the last titles. The missing are as many as the last title says. More dead or hurt are believed of a title
 * worded like the one in question; else, as fewer are, of two titles one after the other: a single one may count some of
 * them ("hai người tử vong là anh em"), the whole country's, those of an earlier event, or be mistaken.
 */
function newest(kind: Toll['kind'], ordered: readonly Telling[]): number | null {
  let current: number | null = null
  let other: Telling | null = null
  for (const one of ordered) {
    const second: boolean = other !== null && other.count === one.count && other.title !== one.title
    const risen = current !== null && one.count > current && one.alike
    if (current === null || one.count === current || kind === 'missing' || risen || second) {
      current = one.count
      other = null
    } else if (other?.count !== one.count) other = one
  }
  return current
}

/**
 * Titles of a story that tell the newest toll, where `chosen` tells an older one of the same kind; none where it may
 * stand. Titles in another language and columns that tell several events are not asked.
 */
export function newerTitles<T extends Titled>(chosen: T, titles: readonly T[]): readonly T[] {
  const own = { counts: told(chosen), terms: termsOf(chosen.title) }
  if (own.counts.size === 0) return []
  const others = titles
    .filter(({ language, title }) => language === chosen.language && !isRoundUp(title))
    .toSorted((a, b) => a.published.localeCompare(b.published))
    .map((one) => ({ one, counts: told(one) }))
  for (const kind of KINDS) {
    const ownCount = own.counts.get(kind)
    if (ownCount === undefined) continue
    const telling = others.flatMap(({ one, counts }) => {
      const count = counts.get(kind)
      return count === undefined ? [] : [{ one, count }]
    })
    const last = newest(
      kind,
      telling.map(({ one: { title }, count }) => ({
        title,
        count,
        alike: cosine(own.terms, termsOf(title)) >= SAME_WORDS,
      })),
    )
    if (last !== null && last !== ownCount) return telling.filter(({ count }) => count === last).map(({ one }) => one)
  }
  return []
}
