import type { Problem } from '../profiles/candidate.ts'
import type { JudgingName } from '../profiles/overlay.ts'
import { LISTS, rowPath, type TermRow } from './profile-form.ts'
import type { Visit } from './visit.ts'

/** A mistake as the editor shows it: at a row of the table, at a field, or of the entry as a whole. */
export interface FormProblem {
  /** Id of the element that it stands at: `r12`, `f-definition`, `h2`; null: the entry. */
  readonly at: string | null
  readonly what: string
}

const nouns: Readonly<Record<string, 'department' | 'topic' | 'commune' | 'district' | 'area'>> = {
  department: 'department',
  topic: 'topic',
  'commune or ward': 'commune',
  'former district': 'district',
  'area of profile.yaml': 'area',
}

/** The checks of profiles/ speak English, as the command line needs it; here their sentences are said in the page's language. */
function said({ t }: Visit, { problem, remedy, asks }: Problem): string {
  if (asks) return t(asks === 'number' ? 'profile.mistake.number' : 'profile.mistake.empty')
  const quoted = /"([^"]*)"/.exec(problem)?.[1] ?? ''
  if (/^the id ".*" stands here twice/.test(problem)) return t('profile.mistake.idTwice', { what: quoted })
  if (/stands here twice$/.test(problem)) return t('profile.mistake.twice', { what: quoted })
  if (/has a \* inside$/.test(problem)) return t('profile.mistake.star', { what: quoted })
  if (/^"within" needs/.test(problem)) return t('profile.mistake.within')
  if (/has no name$/.test(problem)) return t('profile.mistake.noName', { what: quoted })
  if (/is no name of/.test(problem)) return t('profile.mistake.notName', { what: quoted })
  if (problem === 'this rule decides nothing') return t('profile.mistake.nothing')
  if (/^use lower-case/.test(problem)) return t('profile.mistake.idForm')
  if (/^use a two-letter/.test(problem)) return t('profile.mistake.language')
  const [, noun = ''] = /^there is no (.+) "/.exec(problem) ?? []
  const known = nouns[noun]
  if (known) return t('profile.mistake.unknown', { what: quoted, noun: t(`profile.mistake.noun.${known}`) })
  return remedy === '' ? problem : `${problem}: ${remedy}`
}

/** Fields whose element has another name than the key. */
const fieldAt = (path: readonly PropertyKey[], rows: readonly TermRow[]): string | null => {
  const [key, second, third] = path.map(String)
  if (key === 'homographs' && second !== undefined) return `h${second}`
  if (key === 'names') return second === undefined ? 'f-names' : `f-names.${second}`
  const row = rows.findIndex((_row, at) => {
    const [kind, language, position] = rowPath(rows, at)
    return kind === key && language === second && String(position) === third
  })
  if (row >= 0) return `r${rows[row]?.n ?? row}`
  if (key === 'label') return `f-label.${second ?? 'vi'}`
  return key === undefined ? null : `f-${key}`
}

const labelled = [
  'id',
  'name',
  'label',
  'definition',
  'owner',
  'threshold',
  'area',
  'district',
  'communes',
  'names',
  'weight',
  'kind',
  'strength',
  'topics',
] as const

function labelOf({ t }: Visit, key: PropertyKey | undefined): string | null {
  const known = labelled.find((one) => one === key)
  return known ? t(`profile.field.${known}`) : null
}

/** @param index where the entry stands in its list */
export function formProblems(
  visit: Visit,
  name: JudgingName,
  {
    problems,
    index,
    rows,
  }: { readonly problems: readonly Problem[]; readonly index: number; readonly rows: readonly TermRow[] },
): readonly FormProblem[] {
  const list = LISTS[name]
  return problems.map((problem): FormProblem => {
    if (problem.file !== name) {
      const { file } = problem
      return { at: null, what: visit.t('profile.mistake.also', { file, problem: said(visit, problem) }) }
    }
    const inside = list === null ? problem.path : problem.path[1] === index ? problem.path.slice(2) : []
    const at = fieldAt(inside, rows)
    const row = rows.find(({ n }, position) => at === `r${n ?? position}`)
    const label = row ? `“${row.term}”` : labelOf(visit, inside[0])
    const what = said(visit, problem)
    return { at, what: label === null || what.includes(label) ? what : `${label}: ${what}` }
  })
}
