import { iso } from '../clock.ts'
import type { Instant } from '../model.ts'
import type { Setting, Store } from '../store/store.ts'

/**
 * How long is kept what grows with time. Days, but for `versionsKept`. `…ArchiveDays`: archived bytes of pages whose
 * article is irrelevant, relevant, or cited by a stored summary, report or alert; `versionDays`: versions between the
 * first and the last of an article, of which the newest `versionsKept` stay.
 */
export const LIMIT_NAMES = [
  'irrelevantArchiveDays',
  'relevantArchiveDays',
  'citedArchiveDays',
  'versionDays',
  'versionsKept',
  'actionsDays',
  'visitsDays',
  'frontierDays',
  'runsDays',
] as const
export type LimitName = (typeof LIMIT_NAMES)[number]

/** Null: for ever. */
export type LimitValues = Readonly<Record<LimitName, number | null>>

/** Feeds show old entries for weeks; a year of proof is the least that a cited page is worth. */
export const LIMIT_RULES: Readonly<Record<LimitName, { readonly least: number; readonly mayBeOff: boolean }>> = {
  irrelevantArchiveDays: { least: 7, mayBeOff: true },
  relevantArchiveDays: { least: 90, mayBeOff: true },
  citedArchiveDays: { least: 365, mayBeOff: true },
  versionDays: { least: 30, mayBeOff: true },
  versionsKept: { least: 0, mayBeOff: false },
  actionsDays: { least: 30, mayBeOff: false },
  visitsDays: { least: 30, mayBeOff: false },
  frontierDays: { least: 60, mayBeOff: false },
  runsDays: { least: 2, mayBeOff: false },
}
/** A century: what is longer is a slip of the hand. */
export const MOST_LIMIT = 36_500

export interface LimitInForce {
  readonly name: LimitName
  readonly value: number | null
  /** What the environment or the profile says. */
  readonly configured: number | null
  /** Null: nobody set it here. */
  readonly setBy: { readonly who: string; readonly at: Instant } | null
}

/** What the environment and the profile say, and what people set in their place. */
export async function limitsInForce(store: Store, configured: LimitValues): Promise<readonly LimitInForce[]> {
  const settings = new Map((await store.settings.all()).map((setting) => [setting.name, setting]))
  return LIMIT_NAMES.map((name): LimitInForce => {
    const set: Setting | undefined = settings.get(name)
    if (!set) return { name, value: configured[name], configured: configured[name], setBy: null }
    return { name, value: set.value, configured: configured[name], setBy: { who: set.who, at: set.at } }
  })
}

export const valuesOf = (limits: readonly LimitInForce[]): LimitValues =>
  Object.fromEntries(limits.map(({ name, value }) => [name, value])) as LimitValues

export type LimitProblem =
  | { readonly name: LimitName; readonly kind: 'number' | 'off' }
  | { readonly name: LimitName; readonly kind: 'least' | 'most'; readonly bound: number }
  /** It may not be shorter than the other one. */
  | { readonly name: LimitName; readonly kind: 'order'; readonly other: LimitName }

/** What is wrong with limits that somebody wants to set. */
export function limitProblems(values: LimitValues): readonly LimitProblem[] {
  const problems = LIMIT_NAMES.flatMap((name): LimitProblem[] => {
    const value = values[name]
    const { least, mayBeOff } = LIMIT_RULES[name]
    if (value === null) return mayBeOff ? [] : [{ name, kind: 'off' }]
    if (!Number.isInteger(value)) return [{ name, kind: 'number' }]
    if (value < least) return [{ name, kind: 'least', bound: least }]
    return value > MOST_LIMIT ? [{ name, kind: 'most', bound: MOST_LIMIT }] : []
  })
  const order = [
    ['relevantArchiveDays', 'irrelevantArchiveDays'],
    ['citedArchiveDays', 'relevantArchiveDays'],
  ] as const
  for (const [longer, shorter] of order) {
    const least = values[shorter] ?? Number.POSITIVE_INFINITY
    if ((values[longer] ?? Number.POSITIVE_INFINITY) < least)
      problems.push({ name: longer, kind: 'order', other: shorter })
  }
  return problems
}

/** Sets what differs from what is in force, and logs it with who and when; what equals the configuration is not kept. */
export async function setLimits(
  store: Store,
  configured: LimitValues,
  wanted: LimitValues,
  { who, now }: { readonly who: string; readonly now: Date },
): Promise<readonly LimitName[]> {
  const at = iso(now)
  return store.transaction(async (inner) => {
    const before = new Map((await limitsInForce(inner, configured)).map(({ name, value }) => [name, value]))
    const changed = LIMIT_NAMES.filter((name) => before.get(name) !== wanted[name])
    for (const name of changed) {
      const value = wanted[name]
      if (value === configured[name]) await inner.settings.remove(name)
      else await inner.settings.put({ name, value, who, at })
      const said = (days: number | null | undefined): string =>
        days === null || days === undefined ? '∞' : String(days)
      const detail = `${said(before.get(name))} → ${said(value)}`
      await inner.users.log({ who, action: 'limits.set', subject: name, detail, at })
    }
    return changed
  })
}
