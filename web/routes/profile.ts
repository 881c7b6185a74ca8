import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Skip } from '../../errors.ts'
import { formatDayTime } from '../../locales/format.ts'
import { checkCandidate, judgingValue } from '../../profiles/candidate.ts'
import { JUDGING_NAMES, type JudgingName } from '../../profiles/overlay.ts'
import type { Profile } from '../../profiles/schema.ts'
import { type Html, html } from '../html.ts'
import { createProfileDesk, type ProfileDesk, type ProfileEditing } from '../profile-desk.ts'
import { type Difference, differencesOf, entryLines } from '../profile-differences.ts'
import {
  EMPTY,
  type Entry,
  entryInForce,
  entryOfForm,
  type Form,
  formRows,
  LISTS,
  rowsOf,
  type TermRow,
} from '../profile-form.ts'
import { type FormProblem, formProblems } from '../profile-mistakes.ts'
import { createTrials, type Trials } from '../profile-trials.ts'
import { createTryOne } from '../profile-try.ts'
import { notice } from '../views/parts.ts'
import { conflictNotice, profilePage } from '../views/profile.ts'
import { editorPage, savedNotice } from '../views/profile-editor.ts'
import { itemLabel, whoOf } from '../views/profile-history.ts'
import { panel, testCard } from '../views/profile-panel.ts'
import type { Parts, Visit } from '../visit.ts'
import { sendPage, userOf } from '../visit.ts'
import { notFound } from './not-found.ts'
import { profileDraftRoutes } from './profile-drafts.ts'

/** A form of some hundred terms. */
export const LARGE_FORM = { bodyLimit: 1024 * 1024 } as const

type EntryRequest = FastifyRequest<{ Params: { name: string; id: string }; Body: Form | undefined }>

/** What the routes of the editor share. */
export interface ProfileParts {
  readonly parts: Parts
  readonly editing: ProfileEditing
  readonly desk: ProfileDesk
  readonly trials: Trials
  readonly names: () => Promise<ReadonlyMap<string, string>>
  /** The editor with what somebody typed, or with the entry in force. */
  readonly showEditor: (
    request: FastifyRequest,
    reply: FastifyReply,
    state: {
      name: JudgingName
      id: string
      entry: Entry
      rows: readonly TermRow[]
      sample: string
      notice: Html | null
    },
  ) => Promise<FastifyReply>
}

const known = (name: string): JudgingName | null => JUDGING_NAMES.find((one) => one === name) ?? null

/** Tells one state of an entry from another. */
const digest = (entry: Entry | null): string =>
  entry === null ? 'new' : createHash('sha256').update(JSON.stringify(entry)).digest('hex').slice(0, 16)

interface Checked {
  readonly entry: Entry
  readonly rows: readonly TermRow[]
  readonly problems: readonly FormProblem[]
  readonly differences: readonly Difference[]
  readonly profile: Profile | null
}

/** Checks an entry in its file and in the whole profile. */
function check(
  visit: Visit,
  profile: Profile,
  { name, id, entry, rows }: { name: JudgingName; id: string; entry: Entry; rows: readonly TermRow[] },
): Checked {
  const list = LISTS[name]
  const whole = judgingValue(profile, name)
  const entries = list === null ? [] : ((whole[list] ?? []) as readonly Entry[])
  const at = entries.findIndex((one) => one.id === id)
  const index = at < 0 ? entries.length : at
  const value = list === null ? entry : { ...whole, [list]: entries.toSpliced(index, at < 0 ? 0 : 1, entry) }
  const candidate = checkCandidate(profile, name, value, visit.locale)
  return {
    ...{ entry, rows, profile: candidate.profile },
    problems: formProblems(visit, name, { problems: candidate.problems, index, rows }),
    differences: differencesOf(
      entryLines(visit, name, entryInForce(profile, name, id)),
      entryLines(visit, name, entry),
    ),
  }
}

/** The rules of judgement: what they are, and their editor. */
export function profileRoutes(app: FastifyInstance, parts: Parts): void {
  const { store, profile, editing } = parts
  if (!editing) return
  const desk = createProfileDesk({ store, clock: parts.clock, editing, profileId: profile.id })
  const trials = createTrials({ store, clock: parts.clock, editing })
  app.addHook('onClose', () => trials.close())
  const tryOne = createTryOne({ store, assessor: editing.assessor, assessorFor: editing.assessorFor })
  const names = async (): Promise<ReadonlyMap<string, string>> =>
    new Map((await store.users.list()).map(({ name, displayName }) => [name, displayName]))

  const showEditor: ProfileParts['showEditor'] = async (request, reply, { name, id, sample, ...state }) => {
    const { visit } = request
    const inForce = entryInForce(profile, name, id)
    const checked = check(visit, profile, { name, id, ...state })
    const isUntouched = checked.differences.length === 0
    const test = await tryOne({ sample, name, entry: state.entry, candidate: isUntouched ? profile : checked.profile })
    const item = name === 'tone' ? null : id
    return sendPage(
      reply,
      editorPage(visit, {
        ...{ name, id, sample, entry: state.entry, rows: state.rows, notice: state.notice },
        was: digest(inForce),
        title: id === 'new' ? visit.t(`profile.newTitle.${name}`) : itemTitle(visit, name, id),
        panel: { ...checked, problems: id === 'new' && isUntouched ? [] : checked.problems, test },
        revisions: await store.profileEdits.revisions(profile.id, { file: name, item, limit: 20 }),
        names: await names(),
      }),
    )
  }
  const shared: ProfileParts = { parts, editing, desk, trials, names, showEditor }

  app.get<{ Querystring: { q?: string; done?: string } }>('/profile', async (request, reply) => {
    const { q = '', done } = request.query
    const page = profilePage(request.visit, {
      files: await desk.files(),
      drafts: await store.profileEdits.drafts(profile.id),
      revisions: await store.profileEdits.revisions(profile.id, { limit: 8 }),
      names: await names(),
      q,
      notice: savedNotice(request.visit, done),
    })
    return sendPage(reply, page)
  })

  app.get<{ Params: { name: string; id: string }; Querystring: { article?: string; done?: string } }>(
    '/profile/:name/:id',
    async (request, reply) => {
      const { id } = request.params
      const name = known(request.params.name)
      if (!name || (name === 'tone' && id === 'new')) return notFound(request, reply)
      const entry = id === 'new' ? EMPTY[name] : entryInForce(profile, name, id)
      if (!entry) return notFound(request, reply)
      const { article, done } = request.query
      const sample = article && /^[\w-]{1,64}$/.test(article) ? `/articles/${article}` : ''
      const about = savedNotice(request.visit, done)
      return showEditor(request, reply, { name, id, entry, rows: rowsOf(name, entry), sample, notice: about })
    },
  )

  /** What a form says of an entry; null: there is no such entry. */
  const stated = (request: EntryRequest) => {
    const name = known(request.params.name)
    const { id } = request.params
    const form = request.body ?? {}
    const before = name && (id === 'new' ? EMPTY[name] : entryInForce(profile, name, id))
    if (!name || !before) return null
    const sample = typeof form.sample === 'string' ? form.sample : ''
    return { name, id, form, sample, rows: formRows(name, form), entry: entryOfForm(name, id, form, before) }
  }

  app.post('/profile/:name/:id/check', LARGE_FORM, async (request: EntryRequest, reply) => {
    const state = stated(request)
    if (!state) return notFound(request, reply)
    const checked = check(request.visit, profile, state)
    const { sample, name, entry } = state
    const candidate = checked.differences.length === 0 ? profile : checked.profile
    const test = await tryOne({ sample, name, entry, candidate })
    const view = { ...checked, test }
    return sendPage(reply, html`${panel(request.visit, view)}${testCard(request.visit, view, true)}`)
  })

  app.post('/profile/:name/:id/draft', LARGE_FORM, async (request: EntryRequest, reply) => {
    const state = stated(request)
    if (!state) return notFound(request, reply)
    const { visit } = request
    const { name, id, form, entry } = state
    const again = (status: number, about: Html | null) => {
      const rows = state.rows.map((row, n) => ({ ...row, n }))
      return showEditor(request, reply.code(status), { ...state, rows, notice: about })
    }
    if (form.go === 'table') return again(200, null)
    if (form.was !== digest(entryInForce(profile, name, id))) {
      const [last] = await store.profileEdits.revisions(profile.id, { file: name, limit: 1 })
      const who = last ? whoOf(await names(), last) : '?'
      return again(
        409,
        conflictNotice(visit, visit.t('profile.conflict.what', { who, at: last ? formatDayTime(last.at) : '?' })),
      )
    }
    if (check(visit, profile, state).problems.length > 0) return again(422, null)
    try {
      const draft = await desk.edit({ name, id: String(entry.id ?? id), value: entry, who: userOf(request).name })
      const candidate = desk.profileOf(draft, profile)
      if (candidate) trials.start(draft, candidate)
      return reply.redirect(`/profile/drafts/${draft.id}`, 303)
    } catch (error) {
      if (!(error instanceof Skip)) throw error
      return again(200, notice('info', visit.t('profile.noChange')))
    }
  })

  app.post('/profile/:name/:id/remove', async (request: EntryRequest, reply) => {
    const name = known(request.params.name)
    const { id } = request.params
    if (!name || name === 'tone' || !entryInForce(profile, name, id)) return notFound(request, reply)
    const draft = await desk.edit({ name, id, value: null, who: userOf(request).name })
    const candidate = desk.profileOf(draft, profile)
    if (candidate) trials.start(draft, candidate)
    return reply.redirect(`/profile/drafts/${draft.id}`, 303)
  })

  app.post<{ Params: { name: string } }>('/profile/:name/shipped', async (request, reply) => {
    const name = known(request.params.name)
    if (!name) return notFound(request, reply)
    const draft = await desk.giveUp({ name, who: userOf(request).name })
    const candidate = desk.profileOf(draft, profile)
    if (candidate) trials.start(draft, candidate)
    return reply.redirect(`/profile/drafts/${draft.id}`, 303)
  })

  profileDraftRoutes(app, shared)
}

const itemTitle = (visit: Visit, name: JudgingName, id: string): string =>
  itemLabel(visit, name, id).split(' · ').slice(-1)[0] ?? id
