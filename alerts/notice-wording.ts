import { formatDayTime } from '../locales/format.ts'
import { translator } from '../locales/index.ts'
import type { OutgoingNotice, ToldTrouble } from './channels/notice.ts'

const t = translator('vi')
const SUBJECT_LENGTH = 200
/** Lines of each kind; the page of the system has them all. */
const MOST_LINES = 40

/** Subject and text of the mail to the administrator: everything that began and that is over. */
export function noticeText({ content, resent }: OutgoingNotice): { readonly subject: string; readonly text: string } {
  const { began, ended, province, link } = content
  const subject = t('system.notice.subject', { province, what: headline(began, ended) })
  const lines = [
    ...section(t('system.notice.began'), began, (one) =>
      t('system.notice.beganLine', { what: one.what, since: formatDayTime(one.since), detail: one.detail }).trimEnd(),
    ),
    ...section(t('system.notice.ended'), ended, ({ what, since, ended: at }) =>
      t('system.notice.endedLine', { what, since: formatDayTime(since), ended: at === null ? '' : formatDayTime(at) }),
    ),
    t('system.notice.page', { link }),
    ...(resent ? ['', t('system.notice.resent')] : []),
  ]
  return { subject: subject.slice(0, SUBJECT_LENGTH), text: `${lines.join('\n')}\n` }
}

function headline(began: readonly ToldTrouble[], ended: readonly ToldTrouble[]): string {
  const [first] = began
  const [over] = ended
  if (began.length === 1 && first && ended.length === 0) return t('system.notice.one', { what: first.what })
  if (ended.length === 1 && over && began.length === 0) return t('system.notice.oneEnded', { what: over.what })
  return t('system.notice.several', { count: began.length, ended: ended.length })
}

function section(title: string, all: readonly ToldTrouble[], line: (one: ToldTrouble) => string): readonly string[] {
  if (all.length === 0) return []
  const shown = all.slice(0, MOST_LINES).map(line)
  return [`${title} (${all.length}):`, ...shown, ...(all.length > MOST_LINES ? ['…'] : []), '']
}
