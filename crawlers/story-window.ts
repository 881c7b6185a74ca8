import { iso } from '../clock.ts'
import type { Article, PlaceMention } from '../model.ts'
import { sceneIds } from '../pipeline/place-tree.ts'
import type { StoryWindow } from '../pipeline/stories.ts'
import { REMEMBERED } from '../pipeline/story-entries.ts'
import { MEMORY_DAYS } from '../pipeline/story-life.ts'
import type { Store } from '../store/store.ts'
import { MACHINE } from '../store/story-desk.ts'

const DAY_MS = 86_400_000

/** What an outlet calls itself, by which other outlets credit it. */
export type OutletName = (outletId: string) => string

const byId: OutletName = (outletId) => outletId

/** A line that says from whom the article was taken: extraction hands it over as the byline, whoever wrote there. */
const CREDIT_LINE = /^\(?\s*(?:theo|nguồn)[\s:]/iu

/** An article as the window reads it. */
export const asStoryArticle = (article: Article, places: readonly PlaceMention[] = [], nameOf: OutletName = byId) => ({
  id: article.id,
  title: article.title,
  text: [article.lead, article.text, CREDIT_LINE.test(article.byline ?? '') ? article.byline : null]
    .filter((part) => part !== null && part !== '')
    .join('\n'),
  outlet: nameOf(article.outletId),
  published: article.published,
  url: article.url,
  language: article.language,
  places: sceneIds(places, article.text),
})

/**
 * Fills an empty window: the articles in the stories where they stand now (people's merges, splits and moves among
 * them), the last articles of larger stories that went silent, so that they can open again, and the locks. Returns the
 * last edit that it knows of.
 */
export async function restoreWindow(
  store: Store,
  window: StoryWindow,
  { now, days, nameOf }: { readonly now: Date; readonly days: number; readonly nameOf?: OutletName | undefined },
): Promise<number> {
  const edit = await store.storyDesk.lastEdit()
  const ago = (count: number) => iso(new Date(now.getTime() - count * DAY_MS))
  const { grown, last } = await store.stories.remembered({ from: ago(MEMORY_DAYS), to: ago(days), least: REMEMBERED })
  const past = [...last, ...(await store.stories.window(ago(days), ago(-1)))]
  window.restore(
    past.map(({ article, storyId, copyOf, places }) => ({
      ...{ article: asStoryArticle(article, places, nameOf), storyId, copyOf },
    })),
  )
  for (const storyId of grown) window.remember(storyId)
  for (const storyId of await store.storyDesk.lockedStories()) window.lock(storyId, true)
  for (const storyId of await store.storyDesk.heldStories()) window.hold(storyId)
  return edit
}

/** Teaches the window what people did since the edit it knows of, in whatever process. Returns the last one. */
export async function followEdits(store: Store, window: StoryWindow, after: number): Promise<number> {
  const edits = await store.storyDesk.edits({ after })
  for (const { kind, storyId, otherId, articleIds, who } of edits) {
    if (kind === 'lock' || kind === 'unlock') window.lock(storyId, kind === 'lock')
    if (otherId === null) {
      if (who !== MACHINE) window.hold(storyId)
      continue
    }
    if (kind === 'merge') window.merge(storyId, otherId)
    else for (const articleId of articleIds) window.move(articleId, otherId)
    if (who !== MACHINE) for (const touched of [storyId, otherId]) window.hold(touched)
  }
  return edits.at(-1)?.id ?? after
}
