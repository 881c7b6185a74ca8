import type { Instant, Language } from '../model.ts'
import { countsIn } from './contradictions.ts'
import { isRoundUp } from './round-up.ts'
import { type Toll, tolls } from './tolls.ts'

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
const KINDS: readonly Toll['kind'][] = ['dead', 'missing', 'injured']

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

/**
 * The toll by the last titles. The missing are as many as the last title says. Of the dead and the hurt a smaller count
 * is mostly that of some of them ("hai người tử vong là anh em"): it is a correction when two titles tell it and none
 * tells the greater any more.
 */
function newest(kind: Toll['kind'], ordered: readonly (readonly [string, number])[]): number | null {
  let current: number | null = null
  let lesser = null as { readonly count: number; readonly title: string } | null
  for (const [title, count] of ordered) {
    if (current === null || count >= current || kind === 'missing') {
      current = count
      lesser = null
    } else if (lesser?.count !== count) lesser = { count, title }
    else if (lesser.title !== title) {
      current = count
      lesser = null
    }
  }
  return current
}

/**
 * Titles of a story that tell the newest toll, where `chosen` tells an older one of the same kind; none where it may
 * stand. Titles in another language and columns that tell several events are not asked.
 */
export function newerTitles<T extends Titled>(chosen: T, titles: readonly T[]): readonly T[] {
  const own = told(chosen)
  if (own.size === 0) return []
  const others = titles
    .filter(({ language, title }) => language === chosen.language && !isRoundUp(title))
    .toSorted((a, b) => a.published.localeCompare(b.published))
    .map((one) => ({ one, counts: told(one) }))
  for (const kind of KINDS) {
    const ownCount = own.get(kind)
    if (ownCount === undefined) continue
    const telling = others.flatMap(({ one, counts }) => {
      const count = counts.get(kind)
      return count === undefined ? [] : [{ one, count }]
    })
    const last = newest(
      kind,
      telling.map(({ one, count }) => [one.title, count] as const),
    )
    if (last !== null && last !== ownCount) return telling.filter(({ count }) => count === last).map(({ one }) => one)
  }
  return []
}
