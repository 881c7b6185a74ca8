import type { Instant } from '../../model.ts'
import type { SendOutcome } from './channel.ts'

/** A trouble of the monitor itself, in words. */
export interface ToldTrouble {
  readonly kind: 'outlet' | 'network' | 'standstill' | 'disk'
  readonly code: string
  /** Id of the outlet; null for the others. */
  readonly outlet: string | null
  readonly what: string
  readonly detail: string
  readonly since: Instant
  readonly ended: Instant | null
}

/** What the administrator is told at one time, all in one message. */
export interface NoticeContent {
  readonly began: readonly ToldTrouble[]
  readonly ended: readonly ToldTrouble[]
  readonly createdAt: Instant
  readonly link: string
  readonly province: string
}

export interface OutgoingNotice {
  /** Stable over re-sending. */
  readonly id: string
  readonly content: NoticeContent
  readonly resent: boolean
}

/** A way to reach the administrator; implementations stand beside those of the channels for alerts. */
export interface NoticeChannel {
  readonly name: 'email' | 'webhook'
  /** Sends once. Never throws for what the network or the receiver does. */
  readonly send: (notice: OutgoingNotice) => Promise<SendOutcome>
}
