import type { Instant, Outlet } from '../model.ts'
import { differencesAcross, isEditAcross, isOtherLayout } from '../pipeline/layout-change.ts'
import { isRealChange } from '../pipeline/real-change.ts'
import { emptiedBeside, type Gone, holdsNothing } from '../pipeline/soft-404.ts'
import type { DueVisit, Store } from '../store/store.ts'
import type { Archive } from './archive.ts'
import { type Read, readAnew } from './visited-page.ts'

/** Pages of the outlet of either time that tell what stands on more pages than one. */
const NEIGHBOURS = 5

/** A page visited again that shows a text. */
export interface Visited {
  readonly store: Store
  readonly archive: Archive
  readonly outlet: Outlet
  readonly visit: DueVisit
  readonly after: Read
  readonly at: Instant
}

/**
 * Whether the outlet changed what readers see. Where the page differs from what we hold, the archived one is read once
 * more as we read today, so that a change of our own reading is no edit. Where the page's layout changed too, what counts
 * are the words that only one of the pages shows, and that other pages of the outlet do not.
 */
export async function isEdited(input: Visited): Promise<boolean> {
  const { archive, outlet, visit, after } = input
  const { title, lead, text } = visit.article
  const { by: _, ...shown } = after.view.reading
  if (!isRealChange({ title, lead, text }, shown)) return false
  const before = await readAnew(archive, outlet, visit.page)
  if (before === null) return isRealChange(visit.article, after.view.reading)
  if (!isOtherLayout(before, after.view)) return isRealChange(before.reading, after.view.reading)
  const found = differencesAcross(before, after.view)
  if (!isEditAcross(found, [])) return false
  return isEditAcross(found, await shownBeside(input))
}

/** @returns why an article is gone of which the page shows nothing but its neighbours; null: it has a text of its own */
export async function emptied(input: Visited): Promise<Gone | null> {
  const { visit, after } = input
  const shown = after.view.shown.map(({ text }) => text).join('\n')
  if (!holdsNothing(visit.article, shown)) return null
  return emptiedBeside(visit.article, after.view.reading.text, await shownBeside(input))
}

/** What other pages of the outlet show that were published before the page was read last, and before now. */
async function shownBeside({ store, archive, outlet, visit, at }: Visited): Promise<readonly string[]> {
  const shown: string[] = []
  for (const until of [visit.page.fetchedAt, at]) {
    for (const page of await store.pages.beside(visit.article, until, NEIGHBOURS)) {
      const view = await readAnew(archive, outlet, page)
      shown.push(...(view?.shown ?? []).map(({ text }) => text))
    }
  }
  return shown
}
