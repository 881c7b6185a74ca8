import type { Profile } from '../profiles/schema.ts'

/** What a step may know besides its input: nothing that does I/O. */
export interface Context {
  readonly profile: Profile
}

/** An item that a step takes out of the line, with the reason. */
export interface Dropped {
  readonly dropped: true
  readonly id: string
  readonly reason: string
}

/**
 * One pure step. `run` is a property, not a method: with a method, TypeScript's bivariance would let a step run before
 * the one whose result it needs. `version` rises with each change of behaviour, so that stored results say what to redo.
 */
export interface Step<In, Out> {
  readonly name: string
  readonly version: number
  readonly run: (batch: readonly In[], context: Context) => Promise<readonly (Out | Dropped)[]>
}
