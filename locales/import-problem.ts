import type { Translate } from './index.ts'

const PROBLEMS = [
  ...(['no-url', 'no-outlet', 'unknown-outlet', 'bad-url', 'unknown-format', 'too-large', 'damaged'] as const),
  ...(['no-text', 'no-title', 'bad-line', 'empty', 'missing', 'not-archived', 'unreadable'] as const),
]

/** Why something brought in by hand is refused and what to do, in words; another problem as it says itself. */
export function importProblemText(
  t: Translate,
  { code, message, remedy }: { readonly code: string; readonly message: string; readonly remedy: string | null },
): string {
  const known = PROBLEMS.find((problem) => code === `import.${problem}`)
  return known ? t(`imports.problem.${known}`) : `${message} ${remedy ?? ''}`.trim()
}
