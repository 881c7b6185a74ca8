import type { MessageKey, Translate } from './index.ts'

const reasons = [
  ...['not-found', 'gone', 'redirect-home', 'redirect-section', 'moved-to-another'],
  ...['says-gone', 'same-as-others', 'emptied', 'replaced'],
]

/** Why a page is taken for gone, in words; what is no such reason (the code of a problem) is shown as it is. */
export const goneReason = (t: Translate, reason: string, evidence: string): string =>
  reasons.includes(reason) ? t(`visits.reason.${reason}` as MessageKey, { evidence }) : reason
