import { formatDayTime } from '../locales/format.ts'
import { translator } from '../locales/index.ts'
import type { Cause, OutgoingAlert } from './channels/channel.ts'

/** Alerts go to the offices, in Vietnamese. */
const t = translator('vi')

const SUBJECT_LENGTH = 200

/** Subject and text of the mail: what, where, when, the words that caused it; no judgement. */
export function mailText({ content, resent }: OutgoingAlert): { readonly subject: string; readonly text: string } {
  const { article, rule, causes, province, department, link } = content
  const subject = t('alerts.mail.subject', { province, title: article.title.replaceAll(/\s+/g, ' ') })
  const lines = [
    rule.label,
    '',
    t('alerts.mail.title', { title: article.title }),
    t('alerts.mail.outlet', { outlet: article.outlet }),
    t('alerts.mail.published', { time: formatDayTime(article.published) }),
    t('alerts.mail.url', { url: article.url }),
    '',
    t('alerts.mail.causes'),
    ...causes.map(causeLine),
    '',
    t('alerts.mail.link', { link }),
    t('alerts.mail.department', { department }),
    '',
    t('alerts.mail.once'),
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
      .map(({ text, field }) => t('alerts.mail.word', { text, field: t(`alerts.field.${field}`) }))
      .join(', '),
  })
}
