import type { FastifyInstance } from 'fastify'
import { iso } from '../../clock.ts'
import type { ArticleField, Assessment, Citation } from '../../model.ts'
import type { Correction, CorrectionField, Store } from '../../store/store.ts'
import { TONES } from '../search-state.ts'
import { articlePage, LEVELS } from '../views/article.ts'
import type { LifeView } from '../views/versions.ts'
import type { Parts } from '../visit.ts'
import { sendPage, userOf } from '../visit.ts'
import { notFound } from './not-found.ts'

type Form = Readonly<Record<string, string | readonly string[] | undefined>>
type Change = Pick<Correction, 'field' | 'value'>

const one = (form: Form, name: string): string | null => {
  const value = form[name]
  return typeof value === 'string' ? value : null
}
const many = (form: Form, name: string): readonly string[] => {
  const value = form[name]
  return value === undefined ? [] : typeof value === 'string' ? [value] : value
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item) => b.includes(item))

/**
 * What the person changed: the form also carries what it showed, so that a field left alone does not overwrite what a
 * colleague corrected meanwhile.
 */
export function changesOf(form: Form, topicIds: readonly string[], current: Assessment): readonly Change[] {
  const changes: Change[] = []
  const level = LEVELS.find((known) => known === one(form, 'relevance'))
  if (level && level !== one(form, 'was_relevance') && level !== current.relevance.level)
    changes.push({ field: 'relevance', value: level })
  const topics = many(form, 'topics').filter((id) => topicIds.includes(id))
  const shown = (one(form, 'was_topics') ?? '').split(',').filter((id) => topicIds.includes(id))
  const held = current.topics.map(({ id }) => id)
  if (!sameSet(topics, shown) && !sameSet(topics, held)) changes.push({ field: 'topics', value: topics })
  const tone = TONES.find((known) => known === one(form, 'tone'))
  if (tone && tone !== one(form, 'was_tone') && tone !== current.tone) changes.push({ field: 'tone', value: tone })
  const sensitive = one(form, 'sensitive')
  if (sensitive && sensitive !== one(form, 'was_sensitive') && (sensitive === 'yes') !== current.sensitive)
    changes.push({ field: 'sensitive', value: sensitive === 'yes' })
  return changes
}

const DONE = ['corrected', 'unchanged'] as const
const FIELDS: readonly ArticleField[] = ['title', 'lead', 'text']

/** `text.120-240.v1`: what a summary's number leads to. */
function quoteOf(articleId: string, asked: string | undefined): Citation | null {
  const [, name, from, to, version] = /^(\w+)\.(\d{1,7})-(\d{1,7})\.v(\d{1,5})$/.exec(asked ?? '') ?? []
  const field = FIELDS.find((known) => known === name)
  return field ? { articleId, version: Number(version), field, from: Number(from), to: Number(to) } : null
}

/** What happened to an article after it was first read. */
async function lifeOf({ visits, retention }: Store, id: string): Promise<LifeView> {
  const [fates, notes, log, nextVisit, removed] = await Promise.all([
    visits.fates([id]),
    visits.versions(id),
    visits.log(id),
    visits.nextAt(id),
    retention.removedVersions(id),
  ])
  return { fate: fates.get(id) ?? null, notes, visits: log, nextVisit, removed }
}

export function articleRoutes(app: FastifyInstance, { store, profile, clock, changed, translator }: Parts): void {
  app.get<{ Params: { id: string }; Querystring: { done?: string; quote?: string; helper?: string } }>(
    '/articles/:id',
    async (request, reply) => {
      const article = await store.articles.get(request.params.id)
      if (!article) return notFound(request, reply)
      const { storyId } = article
      const [hand, machine, versions, corrections, story, inStory, page, users, life, pictures] = await Promise.all([
        store.handEntries.of(article.id),
        store.assessments.ofMachine(article.id),
        store.articles.versions(article.id),
        store.assessments.corrections(article.id),
        storyId ? store.stories.get(storyId) : null,
        storyId ? store.articles.list({ storyId }) : [],
        article.pageId ? store.pages.get(article.pageId) : null,
        store.users.list(),
        lifeOf(store, article.id),
        store.evidence.ofArticle(article.id),
      ])
      const view = {
        article,
        hand,
        machine,
        versions,
        life,
        pictures,
        corrections: corrections.toReversed().sort((a, b) => b.at.localeCompare(a.at)),
        story,
        siblings: inStory.filter(({ id }) => id !== article.id).reverse(),
        page,
        names: new Map(users.map(({ name, displayName }) => [name, displayName])),
        done: DONE.find((known) => known === request.query.done) ?? null,
        quote: quoteOf(article.id, request.query.quote),
        translation:
          translator && article.language !== 'vi'
            ? {
                made: await store.helperTexts.translation(article.id, article.version),
                problem: request.query.helper ?? null,
              }
            : null,
      }
      return sendPage(reply, articlePage(request.visit, view))
    },
  )

  app.post<{ Params: { id: string }; Body: Form }>('/articles/:id/corrections', async (request, reply) => {
    const { id } = request.params
    const who = userOf(request).name
    const at = iso(clock.now())
    const note = (one(request.body, 'note') ?? '').normalize('NFC').trim().slice(0, 1000) || null
    const topicIds = profile.topics.map((topic) => topic.id)
    const outcome = await store.transaction(async (inside) => {
      const article = await inside.articles.get(id)
      if (!article?.assessment) return null
      const changes = changesOf(request.body, topicIds, article.assessment)
      for (const change of changes) await inside.assessments.correct({ articleId: id, ...change, note, who, at })
      const fields: readonly CorrectionField[] = changes.map(({ field }) => field)
      if (fields.length > 0)
        await inside.users.log({ who, action: 'article.correct', subject: id, detail: fields.join(', '), at })
      return fields.length > 0 ? 'corrected' : 'unchanged'
    })
    if (outcome === null) return notFound(request, reply)
    if (outcome === 'corrected') changed?.()
    return reply.redirect(`/articles/${encodeURIComponent(id)}?done=${outcome}`, 303)
  })
}
