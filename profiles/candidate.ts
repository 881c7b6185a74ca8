import { parseDocument } from 'yaml'
import { z } from 'zod'
import { checkTogether, type ProfileFiles } from './checks.ts'
import { digestOf } from './load.ts'
import { type JudgingName, judgingSchemas } from './overlay.ts'
import type { Profile } from './schema.ts'
import type { Located } from './yaml-file.ts'

/** What is wrong with an edit, where in its file. */
export interface Problem {
  /** `topics`, or another file that no longer fits with it (`alerts`, which names a topic). */
  readonly file: string
  readonly path: readonly PropertyKey[]
  readonly problem: string
  readonly remedy: string
  /** A number or anything at all is asked for: what pages say in their own words. */
  readonly asks?: 'number' | 'something'
}

export interface Candidate {
  /** The profile with the edit in it; null when something is wrong. */
  readonly profile: Profile | null
  readonly problems: readonly Problem[]
}

/** What the file of a profile says, as its schema has it. */
export function judgingValue(profile: Profile, name: JudgingName): Readonly<Record<string, unknown>> {
  if (name === 'topics') return { topics: profile.topics }
  if (name === 'places') return { elsewhere: profile.elsewhere, places: profile.places }
  return name === 'sensitivity' ? { conditions: profile.conditions } : { ...profile.tone }
}

/**
 * Checks one file's new value together with the rest of the profile in force, by the rules that hold when the monitor
 * starts. Pure, and quick enough to run while one types.
 *
 * @param locale language of the schema's own messages
 */
export function checkCandidate(
  current: Profile,
  name: JudgingName,
  value: unknown,
  locale: 'vi' | 'en' = 'en',
): Candidate {
  const parsed = judgingSchemas[name].safeParse(value, { error: z.locales[locale]().localeError })
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap((issue) => problemsOf(name, issue))
    return { profile: null, problems }
  }
  const problems: Problem[] = []
  const located = <T>(file: string, whole: T): Located<T> => ({
    value: whole,
    mistake: (path, problem, remedy) => problems.push({ file, path, problem, remedy }),
  })
  const next: Profile = withValue(current, name, parsed.data)
  const { places, elsewhere, topics, tone, conditions, departments, reports, alerts } = next
  const files: ProfileFiles = {
    profile: located('profile', next),
    places: located('places', { places: [...places], elsewhere: [...elsewhere] }),
    topics: located('topics', { topics: [...topics] }),
    tone: located('tone', tone),
    sensitivity: located('sensitivity', { conditions: [...conditions] }),
    departments: located('departments', { departments: [...departments] }),
    reports: located('reports', { reports: [...reports] }),
    alerts: located('alerts', { alerts: [...alerts] }),
  }
  checkTogether(files, current.id)
  return { profile: problems.length > 0 ? null : next, problems }
}

/** The same for a file's text. */
export function checkCandidateText(
  current: Profile,
  name: JudgingName,
  text: string,
  locale: 'vi' | 'en' = 'en',
): Candidate {
  const document = parseDocument(text)
  const [error] = document.errors
  if (error) return { profile: null, problems: [{ file: name, path: [], problem: error.message, remedy: '' }] }
  return checkCandidate(current, name, document.toJS(), locale)
}

type Judging = Pick<Profile, 'places' | 'elsewhere' | 'topics' | 'tone' | 'conditions'>

function withValue(current: Profile, name: JudgingName, data: unknown): Profile {
  const part =
    name === 'tone'
      ? { tone: data as Profile['tone'] }
      : name === 'sensitivity'
        ? { conditions: (data as { conditions: Profile['conditions'] }).conditions }
        : (data as Partial<Judging>)
  const next = { ...current, ...part }
  const { places, elsewhere, topics, tone, conditions } = next
  return { ...next, digest: digestOf({ places, elsewhere, topics, tone, conditions }) }
}

/** A union's own message says nothing: that of its branch for objects does. */
function problemsOf(file: string, issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.at(-1) ?? []
    if (inner.length > 0)
      return inner.flatMap((one) =>
        problemsOf(file, { ...one, path: [...issue.path, ...one.path] } as z.core.$ZodIssue),
      )
  }
  const own = issue.code === 'invalid_key' ? issue.issues.map(({ message }) => message).join('; ') : issue.message
  const asks =
    issue.code === 'invalid_type' && /^(number|int)$/.test(issue.expected)
      ? 'number'
      : issue.code === 'too_small' && (issue.origin === 'string' || issue.origin === 'array')
        ? 'something'
        : null
  return [{ file, path: issue.path, problem: own, remedy: '', ...(asks === null ? {} : { asks }) }]
}
