import type { FastifyInstance } from 'fastify'
import { iso } from '../../clock.ts'
import { describeError } from '../../errors.ts'
import { rewriteSummary } from '../../reports/helpers/rewrite.ts'
import { summaryOf } from '../story-summary.ts'
import type { Parts } from '../visit.ts'
import { userOf } from '../visit.ts'
import { notFound } from './not-found.ts'

type Params = { Params: { id: string }; Body: { words?: string } | undefined }

/** A helper's failure goes back to the page that asked: it costs nothing but its help. */
const failedAs = (error: unknown): string => `helper=${encodeURIComponent(describeError(error).message.slice(0, 300))}`

/** What optional helpers do on request; registered only for those that are configured. */
export function helperRoutes(app: FastifyInstance, { store, clock, log, translator, chat }: Parts): void {
  if (translator) {
    app.post<Params>('/articles/:id/translation', async (request, reply) => {
      const article = await store.articles.get(request.params.id)
      if (!article) return notFound(request, reply)
      const who = userOf(request).name
      const back = `/articles/${encodeURIComponent(article.id)}`
      const parts = [article.title, article.lead ?? '', ...article.text.split('\n')]
      try {
        const [title = '', lead = '', ...paragraphs] = await translator.translate(parts, article.language)
        const { id: articleId, version } = article
        const madeAt = iso(clock.now())
        const text = paragraphs.join('\n')
        await store.helperTexts.saveTranslation({
          ...{ articleId, version, translator: translator.name, title, text, madeAt, madeBy: who },
          lead: article.lead === null ? null : lead,
        })
        await store.users.log({
          who,
          action: 'article.translate',
          subject: articleId,
          detail: translator.name,
          at: madeAt,
        })
        return reply.redirect(`${back}#translation`, 303)
      } catch (error) {
        log.warn({ article: article.id, ...describeError(error) }, 'translation failed')
        return reply.redirect(`${back}?${failedAs(error)}#translation`, 303)
      }
    })
  }

  if (chat) {
    app.post<Params>('/stories/:id/rewriting', async (request, reply) => {
      const story = await store.stories.get(request.params.id)
      if (!story || story.mergedInto) return notFound(request, reply)
      const words = Number(request.body?.words)
      const subject = `story:${story.id}` as const
      const articles = await store.articles.list({ storyId: story.id })
      const standing = await summaryOf(store, subject, articles, { words, now: clock.now() })
      if (!standing) return notFound(request, reply)
      const who = userOf(request).name
      const back = `/stories/${encodeURIComponent(story.id)}?words=${words}`
      try {
        const sources = articles.map(({ id, outletId, published }) => ({ id, outlet: outletId, published }))
        const result = await rewriteSummary({ summary: standing.record.summary, sources, chat })
        const at = iso(clock.now())
        await store.helperTexts.saveRewriting({
          ...{ subject, words, summaryMadeAt: standing.record.madeAt, madeAt: at, madeBy: who },
          rewriting: { ...result, rejected: result.rejected.length },
        })
        await store.users.log({ who, action: 'story.rewrite', subject: story.id, detail: result.model, at })
        return reply.redirect(`${back}#rewriting`, 303)
      } catch (error) {
        log.warn({ story: story.id, ...describeError(error) }, 'rewriting failed')
        return reply.redirect(`${back}&${failedAs(error)}#rewriting`, 303)
      }
    })
  }
}
