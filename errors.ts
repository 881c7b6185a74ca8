/** What an error says besides its message: a stable code, and what a person can do about it. */
export interface ErrorDetails {
  /** Stable, lower-case, dotted: `fetch.timeout`, `profile.invalid`. */
  readonly code: string
  /** What the administrator or analyst can do. */
  readonly remedy: string
  readonly cause?: unknown
}

/** The base of the three; code that catches asks for one of the three, never for this. */
abstract class MonitorError extends Error {
  readonly code: string
  readonly remedy: string

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = details.code
    this.remedy = details.remedy
  }
}

/** The work may succeed later: keep it and try again after `afterMs` (the caller's back-off decides when absent). */
export class RetryLater extends MonitorError {
  override readonly name = 'RetryLater'
  readonly afterMs: number | null

  constructor(message: string, details: ErrorDetails & { readonly afterMs?: number | null }) {
    super(message, details)
    this.afterMs = details.afterMs ?? null
  }
}

/** This piece of work cannot succeed: record why and go on with the next. */
export class Skip extends MonitorError {
  override readonly name = 'Skip'
}

/** The program cannot go on: print the message and the remedy, exit with a code other than 0. */
export class Fatal extends MonitorError {
  override readonly name = 'Fatal'
}

/** One line for a log or a run's result. */
export function describeError(error: unknown): { code: string; message: string; remedy: string | null } {
  if (error instanceof MonitorError) return { code: error.code, message: error.message, remedy: error.remedy }
  if (error instanceof Error) {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : 'unexpected'
    return { code, message: error.message || error.name, remedy: null }
  }
  return { code: 'unexpected', message: String(error), remedy: null }
}
