import type { Instant, Language } from '../model.ts'
import { tokens } from './features.ts'
import { newerTitles } from './newest-toll.ts'
import { cosine, packTerms } from './vectors.ts'

/** A title of the coverage that a story may take. */
export interface TitleCandidate {
  readonly title: string
  readonly language: Language
  readonly published: Instant
}

/** Titles that are compared with each other, at most: the earliest. */
const COMPARED = 40

/**
 * The title of a story from its coverage: of the Vietnamese titles in the press (else the Vietnamese ones, else all) the
 * one most like the others, by the mean cosine of their weighted terms; the earliest of equals. Where that tells a toll
 * which later titles outdated, the most central of those that tell the newest. Null without any.
 */
export function centralTitle<T extends TitleCandidate>(
  candidates: readonly T[],
  isPress: (candidate: T) => boolean,
): T | null {
  const ordered = candidates.toSorted((a, b) => a.published.localeCompare(b.published))
  const vietnamese = ordered.filter(({ language }) => language === 'vi')
  const press = vietnamese.filter(isPress)
  const pool = press.length > 0 ? press : vietnamese.length > 0 ? vietnamese : ordered
  const central = mostCentral(pool)
  return central && (mostCentral(newerTitles(central, pool)) ?? central)
}

function mostCentral<T extends TitleCandidate>(titles: readonly T[]): T | null {
  const pool = titles.slice(0, COMPARED)
  if (pool.length < 3) return pool[0] ?? null
  const terms = pool.map(({ title }) => packTerms(tokens(title)))
  const sums = terms.map(() => 0)
  for (const [i, one] of terms.entries())
    for (const [j, other] of terms.slice(0, i).entries()) {
      const likeness = cosine(one, other)
      sums[i] = (sums[i] ?? 0) + likeness
      sums[j] = (sums[j] ?? 0) + likeness
    }
  return pool[sums.indexOf(Math.max(...sums))] ?? null
}
