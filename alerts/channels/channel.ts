import type { ArticleField, Instant } from '../../model.ts'
import type { Shown } from '../../pipeline/difference.ts'
import type { Reason } from '../../reports/report-data.ts'

/** The words that made a rule fire, and what they stand for; a person's decision has no words. */
export type Cause = Reason

/** What the outlet did to an article that it had published: its words before and after, or why it is taken for gone. */
export type ToldChange =
  | {
      readonly kind: 'edited'
      readonly version: number
      readonly at: Instant
      readonly differences: readonly { readonly field: ArticleField; readonly segments: readonly Shown[] }[]
    }
  | { readonly kind: 'removed'; readonly at: Instant; readonly reason: string; readonly evidence: string }

/** What an alert tells, before any wording. */
export interface AlertContent {
  readonly alertId: string
  readonly createdAt: Instant
  readonly rule: { readonly id: string; readonly label: string }
  readonly department: string
  /** What a person called the story of the article; null: nobody named it. */
  readonly story: string | null
  readonly article: {
    readonly id: string
    /** Which of its versions the alert tells of: the one that raised it, as is all of this. */
    readonly version: number
    readonly title: string
    /** Whether it is a column that tells several events, of which others may have told alerts of their own. */
    readonly roundUp: boolean
    readonly outlet: string
    readonly language: string
    readonly published: Instant
    readonly url: string
  }
  readonly causes: readonly Cause[]
  /** Null: the article itself is the news. */
  readonly change: ToldChange | null
  /** The article's page in the monitor. */
  readonly link: string
  readonly province: string
}

export interface OutgoingAlert {
  /** Stable over re-sending: the Message-ID of a mail (without angle brackets), the idempotency key of a request. */
  readonly id: string
  readonly content: AlertContent
  /** Sent once more, because the outcome of the first time is not known. */
  readonly resent: boolean
}

/**
 * What became of one sending.
 * `confirmed`: the receiver took it; `note` says what else is to be known.
 * `not-sent`: it surely did not arrive, and may later.
 * `rejected`: it surely did not arrive, and will not.
 * `unknown`: it was handed over, and no answer came.
 */
export type SendOutcome =
  | { readonly state: 'confirmed'; readonly note: string | null }
  | { readonly state: 'not-sent' | 'rejected' | 'unknown'; readonly error: string }

/** A way to reach people. Implementations stand beside this file; only the composition root picks among them. */
export interface Channel {
  readonly name: 'email' | 'webhook'
  /** Sends once. Never throws for what the network or the receiver does: that is an outcome. */
  readonly send: (alert: OutgoingAlert) => Promise<SendOutcome>
}
