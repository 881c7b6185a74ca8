import type { Instant, Outlet } from '../model.ts'
import { differencesAcross, isEditAcross, isOtherLayout } from '../pipeline/layout-change.ts'
import { isRealChange } from '../pipeline/real-change.ts'
import type { DueVisit, Store } from '../store/store.ts'
import type { Archive } from './archive.ts'
import { type Read, readAnew } from './visited-page.ts'

/** Pages of the outlet of either layout that tell what stands on every page. */
const NEIGHBOURS = 3

/**
 * Whether the outlet changed what readers see. Where the page differs from what we hold, the archived one is read once
 * more as we read today, so that a change of our own reading is no edit. Where the page's layout changed too, what counts
 * are the words that only one of the pages shows, and that other pages of the outlet do not.
 */
export async function isEdited(input: {
  readonly store: Store
  readonly archive: Archive
  readonly outlet: Outlet
  readonly visit: DueVisit
  readonly after: Read
  readonly at: Instant
}): Promise<boolean> {
  const { store, archive, outlet, visit, after, at } = input
  const { title, lead, text } = visit.article
  const { by: _, ...shown } = after.view.reading
  if (!isRealChange({ title, lead, text }, shown)) return false
  const before = await readAnew(archive, outlet, visit.page)
  if (before === null) return isRealChange(visit.article, after.view.reading)
  if (!isOtherLayout(before, after.view)) return isRealChange(before.reading, after.view.reading)
  const found = differencesAcross(before, after.view)
  if (!isEditAcross(found, [])) return false
  const elsewhere: string[] = []
  for (const until of [visit.page.fetchedAt, at]) {
    for (const page of await store.pages.beside(visit.article, until, NEIGHBOURS)) {
      const other = await readAnew(archive, outlet, page)
      elsewhere.push(...(other?.shown ?? []).map((block) => block.text))
    }
  }
  return isEditAcross(found, elsewhere)
}
