import { z } from 'zod'
import { LIMIT_NAMES, type LimitInForce, type LimitName, type LimitValues } from '../crawlers/limits.ts'
import type { RetentionResult } from '../crawlers/retention.ts'

/** What the page of the system shows and sets; app.ts puts it together. */
export interface SystemDesk {
  /** What environment and profile say. */
  readonly configured: LimitValues
  readonly limits: () => Promise<readonly LimitInForce[]>
  /** What would go under other limits; removes nothing. */
  readonly preview: (values: LimitValues) => Promise<RetentionResult>
  readonly minFreeBytes: number
  /** The ways to the administrator: `email`, `webhook`. */
  readonly channels: readonly string[]
}

/** What a form holds, as it was typed. */
export type LimitForm = Readonly<Record<LimitName, string>>

export const formOf = (limits: readonly LimitInForce[]): LimitForm =>
  Object.fromEntries(limits.map(({ name, value }) => [name, value === null ? '' : String(value)])) as LimitForm

export const typedForm = (body: Readonly<Record<string, unknown>>): LimitForm =>
  Object.fromEntries(
    LIMIT_NAMES.map((name) => [name, typeof body[name] === 'string' ? body[name].trim().slice(0, 12) : '']),
  ) as LimitForm

/** An empty field is "for ever"; what is no whole number becomes NaN, which no limit may be. */
export const valuesIn = (form: LimitForm): LimitValues =>
  Object.fromEntries(
    LIMIT_NAMES.map((name) => {
      const text = form[name]
      return [name, text === '' ? null : /^\d+$/.test(text) ? Number(text) : Number.NaN]
    }),
  ) as LimitValues

const counts = z.object({ pages: z.number(), bytes: z.number() })
/** The result of a clean-up, as its run keeps it. */
export const cleanedUp = z.looseObject({
  pages: z.object({ irrelevant: counts, relevant: counts, cited: counts }),
  files: z.object({ rewritten: z.number(), removed: z.array(z.string()) }),
  versions: z.number(),
  logs: z.object({ actions: z.number(), visits: z.number(), frontier: z.number(), runs: z.number() }),
})
