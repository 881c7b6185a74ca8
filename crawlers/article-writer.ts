import type { Clock } from '../clock.ts'
import { Skip } from '../errors.ts'
import type { Article, Assessment, Instant, Page } from '../model.ts'
import type { Assessor } from '../pipeline/assess.ts'
import type { Assigned, StoryWindow } from '../pipeline/stories.ts'
import type { ArticleDraft, SaveOutcome, Store } from '../store/store.ts'
import { asStoryArticle, followEdits, type OutletName, restoreWindow } from './story-window.ts'

/** What belongs together: a page, the article read from it, and what becomes of its frontier entry. */
export interface Arrival {
  readonly page: Page | null
  /** Further pages of the same article. */
  readonly furtherPages?: readonly Page[]
  readonly draft: ArticleDraft | null
  readonly settle: (store: Store) => Promise<void>
}

export interface Saved {
  readonly article: Article
  readonly outcome: SaveOutcome
}

export interface ArticleWriter {
  /**
   * Assesses and stores an arrival: page, article, version, assessment, story and frontier entry all together or not at
   * all. Null when there was no draft. Arrivals that wait for the disk share one transaction.
   */
  readonly write: (arrival: Arrival) => Promise<Saved | null>
}

export interface ArticleWriterOptions {
  readonly store: Store
  readonly assessor: Pick<Assessor, 'key' | 'assess'>
  readonly clock: Clock
  /** A new, empty window; filled from the store. */
  readonly createWindow: () => StoryWindow
  /** How far back the window reaches. */
  readonly windowDays: number
  /** Absent: ids stand for names, and no credit (`Theo Báo …`) is understood but an agency's. */
  readonly outletName?: OutletName
}

interface Waiting {
  readonly arrival: Arrival
  readonly assessment: Assessment | null
  /** By which rules: they may be edited while the article waits. */
  readonly key: Assessor['key']
  readonly resolve: (saved: Saved | null) => void
  readonly reject: (error: unknown) => void
}

const HOUR_MS = 3_600_000
/** Arrivals in one transaction at most; it holds the store's only writer. */
const MOST_AT_ONCE = 32

/** Records what the window did to stories; false where the store knows better, so that the window is rebuilt from it. */
async function recordChanges(store: Store, changes: Assigned['changes'], at: Instant): Promise<boolean> {
  for (const change of changes) {
    try {
      await store.storyDesk.regroup({ ...change, at })
    } catch (error) {
      if (error instanceof Skip) return false
      throw error
    }
  }
  return true
}

export function createArticleWriter(options: ArticleWriterOptions): ArticleWriter {
  const { store, assessor, clock, windowDays } = options
  const waiting: Waiting[] = []
  let writing = false
  let window: StoryWindow | null = null
  /** The last edit of a person that the window knows of. */
  let edit = 0
  let lookedForQuiet = Number.NEGATIVE_INFINITY

  /** Records stories that fell silent, at most once an hour. */
  const closeQuiet = async (): Promise<void> => {
    const now = clock.now()
    if (now.getTime() - lookedForQuiet < HOUR_MS) return
    await store.stories.closeQuiet(now)
    lookedForQuiet = now.getTime()
  }

  const storyWindow = async (): Promise<StoryWindow> => {
    if (window) return window
    const fresh = options.createWindow()
    edit = await restoreWindow(store, fresh, { now: clock.now(), days: windowDays, nameOf: options.outletName })
    window = fresh
    return fresh
  }

  const save = async (
    inner: Store,
    stories: StoryWindow,
    { arrival, assessment, key }: Waiting,
  ): Promise<Saved | null> => {
    const { page, furtherPages = [], draft, settle } = arrival
    if (page) await inner.pages.add(page)
    for (const further of furtherPages) await inner.pages.add(further)
    let saved: Saved | null = null
    if (draft && assessment) {
      saved = await inner.articles.save(draft)
      const { id, version, title } = saved.article
      if (saved.outcome !== 'same') {
        await inner.assessments.put(id, version, key, assessment, draft.seenAt)
      }
      // A later version stays in the story of the first.
      if (saved.outcome === 'new') {
        const decision = stories.assign(asStoryArticle(saved.article, assessment.relevance.places, options.outletName))
        await inner.stories.assign({ ...decision, originalOf: decision.copy.originalOf }, title, draft.seenAt)
        if (!(await recordChanges(inner, decision.changes, draft.seenAt))) window = null
      }
    }
    await settle(inner)
    return saved
  }

  const saveAll = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      await closeQuiet()
      const stories = await storyWindow()
      const saved = await store.transaction(async (inner) => {
        // Inside the transaction: no person's edit comes between what the window knows and what is decided.
        edit = await followEdits(inner, stories, edit)
        const results: (Saved | null)[] = []
        for (const one of batch) results.push(await save(inner, stories, one))
        return results
      })
      for (const [at, one] of batch.entries()) one.resolve(saved[at] ?? null)
    } catch (error) {
      // The window remembers articles that the store does not: it is rebuilt before the next.
      window = null
      if (batch.length === 1) batch[0]?.reject(error)
      // One that cannot be stored must not take the others with it.
      else for (const one of batch) await saveAll([one])
    }
  }

  const drain = async (): Promise<void> => {
    if (writing) return
    writing = true
    while (waiting.length > 0) {
      // What arrives in the same turn of the event loop shares a transaction, and so one wait for the disk.
      await new Promise(setImmediate)
      await saveAll(waiting.splice(0, MOST_AT_ONCE))
    }
    writing = false
  }

  return {
    write: async (arrival) => {
      const { draft } = arrival
      const { key } = assessor
      const assessment = draft
        ? await assessor.assess({
            id: draft.url,
            title: draft.extracted.title ?? '',
            lead: draft.extracted.lead,
            text: draft.extracted.text ?? '',
            outletId: draft.outletId,
            language: draft.language,
            published: draft.published,
          })
        : null
      return new Promise((resolve, reject) => {
        waiting.push({ arrival, assessment, key, resolve, reject })
        void drain()
      })
    },
  }
}
