import { BY_CONFIGURATION } from '../../crawlers/retention.ts'
import { formatDayTime } from '../../locales/format.ts'
import { goneReason } from '../../locales/gone.ts'
import type { Article, Instant } from '../../model.ts'
import { differenceOf, folded, type Shown } from '../../pipeline/difference.ts'
import type { ArticleFate, RemovedVersion, VersionNote, VisitLogEntry } from '../../store/store.ts'
import type { Html } from '../html.ts'
import { flag, html } from '../html.ts'
import type { Visit } from '../visit.ts'
import { notice, number, time } from './parts.ts'

/** What happened to an article after it was first read. */
export interface LifeView {
  readonly fate: ArticleFate | null
  readonly notes: readonly VersionNote[]
  /** Oldest first. */
  readonly visits: readonly VisitLogEntry[]
  readonly nextVisit: Instant | null
  /** Versions that retention took away. */
  readonly removed: readonly RemovedVersion[]
}

/** Versions whose difference is shown; older ones are named only. */
const MOST_COMPARED = 20
const MOST_VISITS = 30

/** "Đã sửa 2 lần", "đã gỡ": for lists. */
export function fateMarks(visit: Visit, fate: ArticleFate | undefined): Html | null {
  if (!fate) return null
  const { t } = visit
  return html`${fate.edits > 0 ? html`<span class="tag">${t('visits.editedTimes', { count: number(fate.edits) })}</span> ` : null}${
    fate.goneAt === null ? null : html`<span class="tag doubt">${t('visits.takenDown')}</span> `
  }`
}

/** Said first on the page of an article that its outlet shows no more. */
export function goneNotice(visit: Visit, fate: ArticleFate | null): Html | null {
  if (fate === null || fate.goneAt === null) return null
  const { t } = visit
  const reason = goneReason(t, fate.goneReason ?? '', fate.goneEvidence ?? '')
  return notice(
    'info',
    html`<b>${t('visits.gone', { time: formatDayTime(fate.goneAt), reason })}</b> ${t('visits.goneHint')}`,
  )
}

function segment(visit: Visit, part: Shown): Html {
  const { t } = visit
  const { kind, text } = part
  if ('words' in part)
    return html`<details class="unchanged"><summary>… ${t('visits.folded', { count: number(part.words) })} …</summary>${text}</details>`
  if (kind === 'added') return html`<ins><span class="visually-hidden">${t('visits.added')} </span>${text}</ins>`
  if (kind === 'removed') return html`<del><span class="visually-hidden">${t('visits.removed')} </span>${text}</del>`
  return html`${text}`
}

/** Title, lead and text against the version before, word by word. */
function differences(visit: Visit, before: Article, after: Article): Html {
  const { t } = visit
  const changed = (['title', 'lead', 'text'] as const).flatMap((field) => {
    const segments = differenceOf(before[field] ?? '', after[field] ?? '', after.language)
    return segments.some(({ kind }) => kind !== 'same') ? [{ field, shown: folded(segments, after.language) }] : []
  })
  if (changed.length === 0) return html`<p class="hint">${t('visits.noDifference')}</p>`
  return html`${changed.map(
    ({ field, shown }) => html`<h3>${t(`visits.field.${field}`)}</h3>
    <div class="difference" lang="${after.language}">${shown.map((part) => segment(visit, part))}</div>`,
  )}`
}

/** Every version with its time and cause, the newest first; nothing while there is only one. */
export function versionsSection(visit: Visit, versions: readonly Article[], { notes, removed }: LifeView): Html | null {
  if (versions.length < 2) return null
  const { t } = visit
  const newest = versions.toReversed()
  return html`<section class="versions" id="versions"><h2>${t('visits.title')}</h2><p class="hint">${t('visits.hint')}</p><ol class="plain">${newest.map(
    (version, at) => {
      const before = newest[at + 1]
      const note = notes.find((one) => one.version === version.version)
      const seen = note ? formatDayTime(note.seenAt) : '–'
      const heading = html`<b>${t('visits.version', { version: version.version, time: seen })}</b>${at === 0 ? html` (${t('visits.current')})` : null} <span class="hint">${note ? t(`visits.cause.${note.cause}`) : null}</span>`
      return before && at < MOST_COMPARED
        ? html`<li><details class="card"${flag('open', at === 0)}><summary>${heading}</summary>${differences(visit, before, version)}</details></li>`
        : html`<li><p class="card">${heading}</p></li>`
    },
  )}</ol>${removed.map(
    ({ version, seenAt, removedAt, who }) =>
      html`<p class="hint">${t('system.removedVersion', {
        ...{ version, seen: formatDayTime(seenAt), at: formatDayTime(removedAt) },
        who: who === BY_CONFIGURATION ? t('system.configured') : who,
      })}</p>`,
  )}</section>`
}

function outcomeText(visit: Visit, { outcome, reason, evidence, version }: VisitLogEntry): string {
  return visit.t(`visits.outcome.${outcome}`, {
    version: version ?? '',
    reason: reason === null ? '' : goneReason(visit.t, reason, evidence ?? ''),
  })
}

/** When the page was read again and what was found, the newest first. */
export function visitsCard(visit: Visit, { visits, nextVisit }: LifeView): Html | null {
  if (visits.length === 0 && nextVisit === null) return null
  const { t } = visit
  return html`<details class="card"><summary>${t('visits.log')}</summary><p class="hint">${t('visits.logHint')}</p>${
    nextVisit === null ? null : html`<p>${t('visits.next', { time: formatDayTime(nextVisit) })}</p>`
  }<ol class="plain">${visits
    .toReversed()
    .slice(0, MOST_VISITS)
    .map((entry) => html`<li>${time(entry.at)}: ${outcomeText(visit, entry)}</li>`)}</ol></details>`
}
