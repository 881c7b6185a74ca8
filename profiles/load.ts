import { createHash } from 'node:crypto'
import { basename, join, relative } from 'node:path'
import type { z } from 'zod'
import { Fatal } from '../errors.ts'
import type { Outlet } from '../model.ts'
import { checkTogether, type ProfileFiles } from './checks.ts'
import { outletIds, readOutlet } from './outlets.ts'
import { type JudgingName, judgingFile, judgingSchemas } from './overlay.ts'
import { alertsSchema, departmentsSchema, type Profile, profileSchema, reportsSchema } from './schema.ts'
import { withSearches } from './search-sources.ts'
import { type Located, type Mistake, readYaml } from './yaml-file.ts'

/**
 * Reads a profile and the outlets it follows.
 *
 * @param folder the profile's folder (`profiles/lao-cai`); the profiles that it shares files with stand beside it
 * @param outletsFolder the catalogue (`crawlers/outlets`)
 * @param overlay folder of the copies that people edited (see overlay.ts); null: the files as shipped
 * @throws Fatal `profile.invalid`, its message naming every mistake with file, line, column and remedy
 */
export async function loadProfile(
  folder: string,
  outletsFolder: string,
  overlay: string | null = null,
): Promise<Profile> {
  const mistakes: Mistake[] = []
  const files = await readFiles(folder, overlay, mistakes)
  checkTogether(files, basename(folder))
  const outlets = await followedOutlets(files.profile, outletsFolder, mistakes)
  const profile = assemble(files, outlets)
  if (mistakes.length > 0 || profile === null) throw invalid(folder, mistakes)
  return profile
}

/** Every outlet of the catalogue. @throws Fatal `outlets.invalid` as for a profile */
export async function loadOutlets(outletsFolder: string): Promise<Outlet[]> {
  const mistakes: Mistake[] = []
  const ids = await outletIds(outletsFolder)
  const outlets = await Promise.all(ids.map((id) => readOutlet(outletsFolder, id, mistakes)))
  if (mistakes.length > 0)
    throw new Fatal(describeMistakes(outletsFolder, mistakes), {
      code: 'outlets.invalid',
      remedy: 'Correct the lines named above; docs/profile.md describes an outlet.',
    })
  return outlets.filter((outlet) => outlet !== null)
}

async function readFiles(folder: string, overlay: string | null, mistakes: Mistake[]): Promise<ProfileFiles> {
  const profile = await readYaml(join(folder, 'profile.yaml'), profileSchema, mistakes)
  const shares = profile.value?.shares ?? {}
  const read = <T extends z.ZodType>(name: string, schema: T): Promise<Located<z.infer<T>>> =>
    readYaml(join(folder, `${name}.yaml`), schema, mistakes)
  const judging = async <T extends z.ZodType>(name: JudgingName, schema: T): Promise<Located<z.infer<T>>> =>
    readYaml((await judgingFile(name, { folder, overlay, shares })).file, schema, mistakes)
  return {
    profile,
    places: await judging('places', judgingSchemas.places),
    topics: await judging('topics', judgingSchemas.topics),
    tone: await judging('tone', judgingSchemas.tone),
    sensitivity: await judging('sensitivity', judgingSchemas.sensitivity),
    departments: await read('departments', departmentsSchema),
    reports: await read('reports', reportsSchema),
    alerts: await read('alerts', alertsSchema),
  }
}

async function followedOutlets(
  { value: profile, mistake }: ProfileFiles['profile'],
  outletsFolder: string,
  mistakes: Mistake[],
): Promise<Outlet[]> {
  if (profile === null) return []
  const known = new Set(await outletIds(outletsFolder))
  const { overrides = {}, search } = profile.outlets
  const followed = new Set<string>()
  for (const [index, id] of profile.outlets.follow.entries()) {
    if (followed.has(id)) mistake(['outlets', 'follow', index], `"${id}" stands here twice`, 'remove one of the two')
    else if (known.has(id)) followed.add(id)
    else
      mistake(
        ['outlets', 'follow', index],
        `there is no outlet "${id}"`,
        `correct it or add ${id}.yaml to the catalogue`,
      )
  }
  for (const id of Object.keys(overrides))
    if (!followed.has(id))
      mistake(
        ['outlets', 'overrides', id],
        `"${id}" is changed here but not followed`,
        'add it to "follow" or remove it',
      )
  if (Array.isArray(search?.foreign))
    search.foreign.forEach((id, index) => {
      if (!followed.has(id))
        mistake(
          ['outlets', 'search', 'foreign', index],
          `"${id}" may be asked but is not followed`,
          'add it to "follow" or remove it here',
        )
    })
  const outlets = await Promise.all([...followed].map((id) => readOutlet(outletsFolder, id, mistakes)))
  return outlets.flatMap((outlet) =>
    outlet ? [withSearches({ ...outlet, ...defined(overrides[outlet.id] ?? {}) }, search)] : [],
  )
}

type Override = NonNullable<z.infer<typeof profileSchema>['outlets']['overrides']>[string]

const defined = ({ class: kind, delaySeconds }: Override): Partial<Outlet> => ({
  ...(kind === undefined ? {} : { class: kind }),
  ...(delaySeconds === undefined ? {} : { delaySeconds }),
})

function assemble(files: ProfileFiles, outletDefinitions: readonly Outlet[]): Profile | null {
  const { profile, places, topics, tone, sensitivity, departments, reports, alerts } = files
  if (!profile.value || !places.value || !topics.value || !tone.value || !sensitivity.value) return null
  if (!departments.value || !reports.value || !alerts.value) return null
  const judged = {
    places: places.value.places,
    elsewhere: places.value.elsewhere,
    topics: topics.value.topics,
    tone: tone.value,
    conditions: sensitivity.value.conditions,
  }
  return {
    ...profile.value,
    ...judged,
    departments: departments.value.departments,
    reports: reports.value.reports,
    alerts: alerts.value.alerts,
    outletDefinitions,
    digest: digestOf(judged),
  }
}

/** What keys the assessments: by it a result knows which profile it was made with. */
export const digestOf = (judged: Pick<Profile, 'places' | 'elsewhere' | 'topics' | 'tone' | 'conditions'>): string =>
  `sha256:${createHash('sha256').update(canonical(judged)).digest('hex')}`

/** JSON with sorted keys, so that the order in which keys stand in a file changes nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

const invalid = (folder: string, mistakes: readonly Mistake[]): Fatal =>
  new Fatal(describeMistakes(folder, mistakes), {
    code: 'profile.invalid',
    remedy: 'Correct the lines named above and start again; docs/profile.md describes each file.',
  })

function describeMistakes(folder: string, mistakes: readonly Mistake[]): string {
  const lines = [...mistakes]
    .sort((a, b) => (a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1))
    .map(({ file, line, column, problem, remedy }) => `  ${shown(file)}:${line}:${column}: ${problem}: ${remedy}`)
  return [
    `${shown(folder)} has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}:`,
    ...lines,
  ].join('\n')
}

/** As a person would type it from where the program runs, unless that only leads upwards. */
const shown = (path: string): string => {
  const fromHere = relative(process.cwd(), path)
  return fromHere.startsWith('..') ? path : fromHere
}
