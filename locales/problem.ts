import type { MessageKey, Translate } from './index.ts'
import { problems } from './vi/problems.ts'

type Group = keyof typeof problems

/** What stood in the way of collecting, in words; a code without words of its own says what the error said. */
export function problemText(
  t: Translate,
  { code, message }: { readonly code: string; readonly message: string },
): string {
  const [group = '', name = ''] = code.split('.')
  const isKnown = Object.hasOwn(problems, group) && Object.hasOwn(problems[group as Group], name)
  return isKnown ? t(`problems.${code}` as MessageKey) : message
}
