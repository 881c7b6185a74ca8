import { EVIDENCE_FORMATS } from '../../crawlers/evidence.ts'
import { formatDayTime } from '../../locales/format.ts'
import type { EvidenceRecord, EvidenceTaken } from '../../store/store.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import type { Visit } from '../visit.ts'
import { number } from './parts.ts'

/** The files with what proves them; the reader downloads, nothing of a foreign page is shown here. */
function takenItem({ t }: Visit, taken: EvidenceTaken): Html {
  const { articleId, version } = taken
  return html`<li><p><b>${t('evidence.taken', { time: formatDayTime(taken.takenAt), version })}</b></p>${EVIDENCE_FORMATS.map(
    (format) =>
      html`<p><a href="/articles/${articleId}/evidence/${version}.${format}" download>${t('evidence.file', { format: format.toUpperCase() })}</a> <span class="hint">${t('evidence.size', { count: number(taken[format].bytes) })}<br>SHA-256 <code class="break">${taken[format].digest.replace('sha256:', '')}</code></span></p>`,
  )}<p class="hint break">${t('evidence.address')} ${taken.finalUrl}</p></li>`
}

/** A planned attempt this late does not come any more: the page is gone, or the version too old. */
const LATE_MS = 86_400_000

function recordItem(visit: Visit, record: EvidenceRecord, current: number): Html | null {
  const { taken, problem, version, nextAt } = record
  if (taken !== null) return takenItem(visit, taken)
  if (problem === null) return null
  const reason = problem.code
  const isPlanned = nextAt !== null && version === current && Date.parse(nextAt) + LATE_MS > visit.now.getTime()
  const text = isPlanned
    ? visit.t('evidence.waiting', { version, reason, time: formatDayTime(nextAt) })
    : visit.t('evidence.givenUp', { version, reason })
  return html`<li title="${problem.message}">${text}</li>`
}

/** Pictures of the article's page, the newest version first; null when none was ever tried. */
export function picturesCard(visit: Visit, records: readonly EvidenceRecord[], current: number): Html | null {
  const items = records.toReversed().flatMap((record) => recordItem(visit, record, current) ?? [])
  if (items.length === 0) return null
  const { t } = visit
  return html`<section class="card" id="pictures"><h2>${t('evidence.title')}</h2><ol class="plain">${items}</ol><p class="hint">${t('evidence.hint')}</p></section>`
}
