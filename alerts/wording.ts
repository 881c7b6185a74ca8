import { formatDayTime } from '../locales/format.ts'
import { goneReason } from '../locales/gone.ts'
import { translator } from '../locales/index.ts'
import type { Shown } from '../pipeline/difference.ts'
import type { Cause, OutgoingAlert, ToldChange } from './channels/channel.ts'

/** Alerts go to the offices, in Vietnamese. */
const t = translator('vi')

const SUBJECT_LENGTH = 200
const FIELD_LENGTH = 1200

/** Subject and text of the mail: what, where, when, the words that caused it; no judgement. */
export function mailText({ content, resent }: OutgoingAlert): { readonly subject: string; readonly text: string } {
  const { story, article, rule, causes, change, province, department, link } = content
  const title = article.title.replaceAll(/\s+/g, ' ')
  const about = change === null ? title : t(`visits.mail.subject.${change.kind}`, { title })
  const subject = t('alerts.mail.subject', { province, title: about })
  const lines = [
    rule.label,
    '',
    ...(story === null ? [] : [t('alerts.mail.story', { story })]),
    t('alerts.mail.title', { title: article.title }),
    ...(article.roundUp ? [t('alerts.roundUp')] : []),
    t('alerts.mail.outlet', { outlet: article.outlet }),
    t('alerts.mail.published', { time: formatDayTime(article.published) }),
    t('alerts.mail.url', { url: article.url }),
    '',
    ...(change === null ? [] : [...changeLines(change), '']),
    ...(causes.length === 0 ? [] : [t('alerts.mail.causes'), ...causes.map(causeLine), '']),
    t('alerts.mail.link', { link }),
    t('alerts.mail.department', { department }),
    '',
    t(change === null ? 'alerts.mail.once' : 'visits.mail.once'),
    t('alerts.mail.neutral'),
    ...(resent ? ['', t('alerts.mail.resent')] : []),
  ]
  return { subject: subject.slice(0, SUBJECT_LENGTH), text: `${lines.join('\n')}\n` }
}

const causeLine = ({ by, label, words }: Cause): string => {
  if (by === 'person') return t('alerts.mail.person')
  return t('alerts.mail.cause', {
    label: label ?? t('alerts.mail.unlabelled'),
    words: words
      .map(({ text, field, shortened, source }) => {
        const where = [t(`alerts.field.${field}`), ...(source ? [t('alerts.source', source)] : [])]
        const said = { text: shortened ? `${text} ${t('reports.annex.initials')}` : text, field: where.join('; ') }
        return t(shortened ? 'alerts.mail.shortened' : 'alerts.mail.word', said)
      })
      .join(', '),
  })
}

/** The words that differ, in the notation of `wdiff`, short enough to be read in a mail. */
function changeLines(change: ToldChange): readonly string[] {
  const time = formatDayTime(change.at)
  if (change.kind === 'removed')
    return [t('visits.mail.removed', { time, reason: goneReason(t, change.reason, change.evidence) })]
  const lines = change.differences.map(({ field, segments }) => {
    const words = segments
      .map(segmentText)
      .join('')
      .replaceAll(/\s*\n\s*/g, ' / ')
      .trim()
    return t('visits.mail.difference', { field: t(`visits.field.${field}`), words })
  })
  const shown = lines.map((line) => (line.length > FIELD_LENGTH ? `${line.slice(0, FIELD_LENGTH)}…` : line))
  const isCut = shown.some((line, at) => line !== lines[at])
  return [
    t('visits.mail.edited', { version: change.version, time }),
    ...shown,
    t('visits.mail.legend'),
    ...(isCut ? [t('visits.mail.cut')] : []),
  ]
}

function segmentText({ kind, text }: Shown): string {
  if (kind === 'added') return `[+${text}+]`
  if (kind === 'removed') return `[-${text}-]`
  return kind === 'folded' ? ' … ' : text
}
