import type { Html } from '../html.ts'
import { html } from '../html.ts'
import type { Visit } from '../visit.ts'
import { notice } from './parts.ts'

const KINDS = ['charset', 'published', 'language', 'title', 'text', 'canonical', 'page', 'rule'] as const
type Kind = (typeof KINDS)[number]

/** Extraction names what it doubts first (`charset: …`); a source of dates (`json-ld: the zone …`) stands for the date. */
function kindOf(doubt: string): Kind {
  const name = /^page \d+$/.test(doubt.split(':', 1)[0] ?? '') ? 'page' : doubt.split(':', 1)[0]
  return KINDS.find((kind) => kind === name) ?? 'published'
}

/** What was not believed when the page was read: what it means for the reader, and the finding itself for the technician. */
export function doubtsNotice(visit: Visit, doubts: readonly string[]): Html | null {
  if (doubts.length === 0) return null
  const kinds = [...Map.groupBy(doubts, kindOf)]
  return notice(
    'info',
    html`<b>${visit.t('web.article.doubts')}</b><ul>${kinds.map(
      ([kind, found]) =>
        html`<li>${visit.t(`web.article.doubt.${kind}`)} <span class="hint" lang="en">${found.join('; ')}</span></li>`,
    )}</ul>`,
  )
}
