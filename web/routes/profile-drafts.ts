import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { formatDayTime } from '../../locales/format.ts'
import type { ProfileDraft, ProfileRevision } from '../../store/store.ts'
import type { Html } from '../html.ts'
import { entryIn, nameOf } from '../profile-desk.ts'
import { type Difference, differencesOf, entryLines, fileLines } from '../profile-differences.ts'
import { rowsOf } from '../profile-form.ts'
import { notice } from '../views/parts.ts'
import { conflictNotice } from '../views/profile.ts'
import { historyPage, revisionPage, whoOf } from '../views/profile-history.ts'
import { type TrialView, trialCard, trialPage } from '../views/profile-trial.ts'
import type { Visit } from '../visit.ts'
import { sendPage, userOf } from '../visit.ts'
import { notFound } from './not-found.ts'
import type { ProfileParts } from './profile.ts'

type DraftRequest = FastifyRequest<{ Params: { id: string }; Body: { note?: string; item?: string } | undefined }>

/** What a text changed against another one, in one entry or in all. */
function textDifferences(
  visit: Visit,
  file: string,
  { before, after, item }: { readonly before: string; readonly after: string; readonly item: string | null },
): readonly Difference[] {
  const name = nameOf(file)
  const lines = (text: string): readonly string[] =>
    item === null ? fileLines(visit, name, text) : entryLines(visit, name, entryIn(text, name, item))
  return differencesOf(lines(before), lines(after))
}

/** Drafts (try, stop, save, discard) and the history. */
export function profileDraftRoutes(app: FastifyInstance, shared: ProfileParts): void {
  const { parts, desk, trials, names, showEditor } = shared
  const { store, profile } = parts

  const viewOf = (visit: Visit, draft: ProfileDraft, about: Html | null = null): TrialView => {
    const { file, base, text, item } = draft
    return {
      draft,
      trial: trials.of(draft),
      valid: trials.of(draft) !== null || desk.profileOf(draft, profile) !== null,
      differences: textDifferences(visit, file, { before: base, after: text, item }),
      removed: item !== null && entryIn(text, file, item) === null,
      notice: about,
    }
  }

  const begin = (draft: ProfileDraft): void => {
    const candidate = desk.profileOf(draft, profile)
    if (candidate) trials.start(draft, candidate)
  }

  /** Runs `work` on the draft that the address names. */
  const onDraft =
    (work: (draft: ProfileDraft, request: DraftRequest, reply: FastifyReply) => Promise<FastifyReply> | FastifyReply) =>
    async (request: DraftRequest, reply: FastifyReply) => {
      const draft = await store.profileEdits.draft(request.params.id)
      return draft && draft.profileId === profile.id ? work(draft, request, reply) : notFound(request, reply)
    }

  app.get<{ Params: { id: string } }>(
    '/profile/drafts/:id',
    onDraft((draft, { visit }, reply) => sendPage(reply, trialPage(visit, viewOf(visit, draft)))) as never,
  )

  app.get(
    '/profile/drafts/:id/trial',
    onDraft((draft, { visit }, reply) => {
      const view = { draft, trial: trials.of(draft), valid: true, differences: [], removed: false, notice: null }
      return sendPage(reply, trialCard(visit, view))
    }),
  )

  app.post(
    '/profile/drafts/:id/trial',
    onDraft((draft, _request, reply) => {
      begin(draft)
      return reply.redirect(`/profile/drafts/${draft.id}`, 303)
    }),
  )

  app.post(
    '/profile/drafts/:id/cancel',
    onDraft((draft, _request, reply) => {
      trials.cancel(draft)
      return reply.redirect(`/profile/drafts/${draft.id}`, 303)
    }),
  )

  app.post(
    '/profile/drafts/:id/discard',
    onDraft(async (draft, _request, reply) => {
      trials.cancel(draft)
      await store.profileEdits.dropDraft(draft.id)
      return reply.redirect('/profile?done=discarded', 303)
    }),
  )

  app.get(
    '/profile/drafts/:id/edit',
    onDraft((draft, request, reply) => {
      const name = nameOf(draft.file)
      const entry = entryIn(draft.text, name, draft.item)
      if (!entry || (draft.item === null && name !== 'tone')) return notFound(request, reply)
      const isNew = draft.item !== null && entryIn(draft.base, name, draft.item) === null
      const id = draft.item === null ? 'all' : isNew ? 'new' : draft.item
      return showEditor(request, reply, { name, id, entry, rows: rowsOf(name, entry), sample: '', notice: null })
    }),
  )

  app.post(
    '/profile/drafts/:id/save',
    onDraft(async (draft, request, reply) => {
      const { visit } = request
      // Only what was tried to its end, and exactly as it was tried.
      if (trials.of(draft)?.status !== 'done') return reply.redirect(`/profile/drafts/${draft.id}`, 303)
      const note = (request.body?.note ?? '').normalize('NFC').trim().slice(0, 1000) || null
      const outcome = await desk.save(draft, { who: userOf(request).name, note })
      if (outcome.kind === 'saved') return reply.redirect('/profile?done=saved', 303)
      const [last] = await store.profileEdits.revisions(profile.id, { file: draft.file, limit: 1 })
      const by = { who: last ? whoOf(await names(), last) : '?', at: last ? formatDayTime(last.at) : '?' }
      const now = (await store.profileEdits.draft(draft.id)) ?? draft
      if (outcome.kind === 'moved') {
        begin(now)
        const about = notice('info', visit.t('profile.conflict.moved', by))
        return sendPage(reply.code(409), trialPage(visit, viewOf(visit, now, about)))
      }
      const text = visit.t(
        draft.item === null && draft.file !== 'tone' ? 'profile.conflict.file' : 'profile.conflict.draft',
        by,
      )
      return sendPage(reply.code(409), trialPage(visit, viewOf(visit, now, conflictNotice(visit, text))))
    }),
  )

  // ---------------------------------------------------------------- history

  app.get('/profile/revisions', async (request, reply) =>
    sendPage(
      reply,
      historyPage(request.visit, await store.profileEdits.revisions(profile.id, { limit: 500 }), await names()),
    ),
  )

  const revisionOf = async (id: string): Promise<ProfileRevision | null> => {
    const found = /^\d{1,9}$/.test(id) ? await store.profileEdits.revision(Number(id)) : null
    return found?.profileId === profile.id ? found : null
  }

  app.get<{ Params: { id: string }; Querystring: { item?: string } }>(
    '/profile/revisions/:id',
    async (request, reply) => {
      const revision = await revisionOf(request.params.id)
      if (!revision) return notFound(request, reply)
      const { visit } = request
      const item = revision.item ?? (revision.file === 'tone' ? null : (request.query.item ?? null))
      const before = await store.profileEdits.revisionBefore(revision)
      const texts = { before: before?.text ?? '', after: revision.text, item }
      return sendPage(
        reply,
        revisionPage(visit, {
          ...{ revision, item, isFirst: before === null, names: await names() },
          differences: before === null ? [] : textDifferences(visit, revision.file, texts),
        }),
      )
    },
  )

  app.post('/profile/revisions/:id/restore', async (request: DraftRequest, reply) => {
    const revision = await revisionOf(request.params.id)
    if (!revision) return notFound(request, reply)
    const item = request.body?.item || revision.item
    try {
      const draft = await desk.restore({ revision, item, who: userOf(request).name })
      begin(draft)
      return reply.redirect(`/profile/drafts/${draft.id}`, 303)
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'profile.no-change') throw error
      return reply.redirect(`/profile/revisions/${revision.id}`, 303)
    }
  })
}
