import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify'
import type { Registry } from 'prom-client'
import type { Clock } from '../clock.ts'
import type { Importer } from '../crawlers/import/import.ts'
import type { SearchIndex } from '../index/search-index.ts'
import type { Locale, Translate } from '../locales/index.ts'
import type { Profile } from '../profiles/schema.ts'
import type { Chat } from '../reports/helpers/chat.ts'
import type { Translator } from '../reports/helpers/translator.ts'
import type { Store, User } from '../store/store.ts'
import type { ProfileEditing } from './profile-desk.ts'
import type { SystemDesk } from './system-desk.ts'

/** What the pages are built from; app.ts chooses the implementations. */
export interface Parts {
  readonly store: Store
  readonly index: SearchIndex
  readonly profile: Profile
  readonly clock: Clock
  readonly log: FastifyBaseLogger
  /** Reports' files are relative to it. */
  readonly dataFolder: string
  /** Composes and writes a report for a period (`2025-W40`) and gives its record. */
  readonly composeReport: (reportId: string, periodLabel: string) => Promise<{ readonly id: string }>
  /** Optional helpers; null or absent: none is configured. */
  readonly translator?: Translator | null
  readonly chat?: Chat | null
  /** Absent: the rules of judgement cannot be edited here. */
  readonly editing?: ProfileEditing | null
  /** Absent: there is no page of the system. */
  readonly system?: SystemDesk | null
  /** Absent: nothing can be brought in by hand here. */
  readonly importer?: Importer | null
  /** Called after a change that the index must learn of; must not throw. */
  readonly changed?: () => void
  readonly metrics?: Registry
  /** Bearer token for /metrics from other hosts; null: loopback only. */
  readonly metricsToken?: string | null
  /** True when the office's address is https: cookies become Secure. */
  readonly secure?: boolean
}

/** One request as the views see it. */
export interface Visit {
  readonly user: User | null
  readonly locale: Locale
  readonly t: Translate
  /** Path with query: where to come back to. */
  readonly path: string
  /** Token for the hidden field of a form that changes something. */
  readonly csrf: () => string
  readonly profile: Profile
  readonly now: Date
}

declare module 'fastify' {
  interface FastifyRequest {
    visit: Visit
    sessionToken: string | undefined
  }
}

/** The user of a page behind the log-in. */
export function userOf(request: FastifyRequest): User {
  const { user } = request.visit
  if (!user) throw new TypeError('this page was reached without a user')
  return user
}

export const sendPage = (reply: FastifyReply, page: { readonly markup: string }): FastifyReply =>
  reply.type('text/html; charset=utf-8').send(page.markup)
