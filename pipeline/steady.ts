/**
 * What a grouping anew may change. Readers know stories by what stands in them: to be told that one was two all along
 * confuses more than a wrong neighbour does. So an article leaves a story only on strong evidence, and a part of a story
 * only where two groupings in a row, brought about by different articles, say so.
 */

interface Placed {
  readonly id: string
  readonly storyId: string
}

export interface SteadyOptions {
  /** Mean likeness within a part and within the rest, at least, for a split. */
  readonly within: number
  /** Mean likeness across, at most, for a split. */
  readonly across: number
  /** Articles of a part and of the rest, at least. */
  readonly least: number
  /** How much more alike an article must be to another story than to its own, to move. */
  readonly margin: number
}

export const STEADY: SteadyOptions = { within: 0.5, across: -1.5, least: 3, margin: 0.5 }

export interface SteadyInput<Article extends Placed> {
  readonly articles: readonly Article[]
  /** Positions in `articles`, as `averageLinkage` gives them. */
  readonly groups: readonly (readonly number[])[]
  /** Above zero for two that belong together; of positions. */
  readonly likeness: (a: number, b: number) => number
  /** Whether two articles are set apart by what they name: places, dates, names. */
  readonly apart: (a: number, b: number) => boolean
  /** The article that brought this about, if it has just come: no reader has seen it in a story yet. */
  readonly newest: Article | null
}

/** Remembers what the grouping before wanted to part. */
export interface Steadiness {
  /** The groups, with every part put back that has no good reason to leave; `newest` goes where it likes. */
  readonly settle: <Article extends Placed>(input: SteadyInput<Article>) => number[][]
}

/** Proposals that are remembered, at most; the oldest go first. */
const REMEMBERED = 500
/** Share of two proposals' articles that must agree. */
const AGREED = 0.6

export function createSteadiness(options: SteadyOptions = STEADY): Steadiness {
  /** By story: the articles that were to leave it. */
  const proposed = new Map<string, readonly string[]>()

  const confirmed = (storyId: string, part: readonly string[]): boolean => {
    const before = proposed.get(storyId)
    proposed.delete(storyId)
    if (before !== undefined) {
      const both = part.filter((id) => before.includes(id)).length
      if (both >= AGREED * new Set([...part, ...before]).size) return true
    }
    proposed.set(storyId, part)
    if (proposed.size > REMEMBERED) for (const oldest of [...proposed.keys()].slice(0, 1)) proposed.delete(oldest)
    return false
  }

  return {
    settle: ({ articles, groups, likeness, apart, newest }) => {
      const settled = groups.map((group) => [...group])
      const groupOf = (at: number): number => settled.findIndex((group) => group.includes(at))
      const stories = Map.groupBy(
        articles.map((article, at) => ({ article, at })).filter(({ article }) => article !== newest),
        ({ article }) => article.storyId,
      )
      for (const [storyId, of] of stories) {
        const parts = [...Map.groupBy(of, ({ at }) => groupOf(at))].map(([group, members]) => ({
          group,
          positions: members.map(({ at }) => at),
        }))
        if (parts.length < 2) continue
        // The largest part is the story; of equal ones the older, which comes first.
        const main = parts.reduce((a, b) => (b.positions.length > a.positions.length ? b : a))
        for (const part of parts) {
          if (part === main) continue
          const rest = of.map(({ at }) => at).filter((at) => !part.positions.includes(at))
          const company = (settled[part.group] ?? []).filter((at) => !part.positions.includes(at))
          const others = company.filter((at) => articles[at] !== newest)
          const leaves =
            others.length > 0
              ? mean(part.positions, others, likeness) - mean(part.positions, rest, likeness) >= options.margin
              : isSplit(part.positions, rest, likeness, apart, options) &&
                confirmed(
                  storyId,
                  part.positions.flatMap((at) => articles[at]?.id ?? []),
                )
          if (leaves) continue
          settled[part.group] = company
          settled[main.group]?.push(...part.positions)
        }
      }
      return settled.filter((group) => group.length > 0).map((group) => group.sort((a, b) => a - b))
    },
  }
}

type Likeness = (a: number, b: number) => number

/** Mean over all pairs across; 0 without any. */
function mean(a: readonly number[], b: readonly number[], likeness: Likeness): number {
  let [sum, pairs] = [0, 0]
  for (const x of a)
    for (const y of b)
      if (x !== y) {
        sum += likeness(x, y)
        pairs++
      }
  return pairs === 0 ? 0 : sum / pairs
}

/** Two dense groups, clearly apart. */
function isSplit(
  part: readonly number[],
  rest: readonly number[],
  likeness: Likeness,
  apart: (a: number, b: number) => boolean,
  { within, across, least }: SteadyOptions,
): boolean {
  if (Math.min(part.length, rest.length) < least) return false
  if (mean(part, part, likeness) < within || mean(rest, rest, likeness) < within) return false
  if (mean(part, rest, likeness) > across) return false
  return mean(part, rest, (a, b) => (apart(a, b) ? 1 : 0)) >= 0.5
}
