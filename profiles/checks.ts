import { validate as isCron } from 'node-cron'
import type { z } from 'zod'
import type {
  alertsSchema,
  departmentsSchema,
  placesSchema,
  profileSchema,
  reportsSchema,
  sensitivitySchema,
  Term,
  toneSchema,
  topicsSchema,
} from './schema.ts'
import type { Located } from './yaml-file.ts'

/** The files of a profile as read, before anything is known to fit together. */
export interface ProfileFiles {
  readonly profile: Located<z.infer<typeof profileSchema>>
  readonly places: Located<z.infer<typeof placesSchema>>
  readonly topics: Located<z.infer<typeof topicsSchema>>
  readonly tone: Located<z.infer<typeof toneSchema>>
  readonly sensitivity: Located<z.infer<typeof sensitivitySchema>>
  readonly departments: Located<z.infer<typeof departmentsSchema>>
  readonly reports: Located<z.infer<typeof reportsSchema>>
  readonly alerts: Located<z.infer<typeof alertsSchema>>
}

type Report = Located<unknown>['mistake']
type Path = readonly PropertyKey[]

/** Checks what no single value shows: references, duplicates, expressions. A file that did not parse is passed over. */
export function checkTogether(files: ProfileFiles, folderName: string): void {
  const { profile, places, topics, tone, sensitivity, departments, reports, alerts } = files
  if (profile.value && profile.value.id !== folderName)
    profile.mistake(['id'], `the id "${profile.value.id}" differs from the folder's name`, `write "id: ${folderName}"`)
  if (places.value) checkPlaces(places.value, places.mistake)
  if (places.value && profile.value) {
    const areas = new Set((profile.value.areas ?? []).map(({ id }) => id))
    places.value.places.forEach(({ area }, index) => {
      if (area !== undefined) refer([area], areas, 'area of profile.yaml', ['places', index, 'area'], places.mistake)
    })
  }
  if (tone.value) checkTermLists(tone.value, [], tone.mistake)

  const departmentIds = departments.value && idsOf(departments.value.departments, ['departments'], departments.mistake)
  const topicIds = topics.value && idsOf(topics.value.topics, ['topics'], topics.mistake)

  topics.value?.topics.forEach((topic, index) => {
    refer(topic.owner, departmentIds, 'department', ['topics', index, 'owner'], topics.mistake)
    refer(topic.copyTo, departmentIds, 'department', ['topics', index, 'copyTo'], topics.mistake)
    const { terms, weakTerms, negativeTerms } = topic
    checkTermLists({ terms, weakTerms, negativeTerms }, ['topics', index], topics.mistake)
  })

  if (sensitivity.value) idsOf(sensitivity.value.conditions, ['conditions'], sensitivity.mistake)
  sensitivity.value?.conditions.forEach(({ topics: named, event, gravity }, index) => {
    refer(named, topicIds, 'topic', ['conditions', index, 'topics'], sensitivity.mistake)
    checkTermLists({ event, gravity }, ['conditions', index], sensitivity.mistake)
  })

  if (reports.value) idsOf(reports.value.reports, ['reports'], reports.mistake)
  reports.value?.reports.forEach((report, index) => {
    const path = ['reports', index]
    refer(report.department, departmentIds, 'department', [...path, 'department'], reports.mistake)
    if (!isCron(report.schedule))
      reports.mistake(
        [...path, 'schedule'],
        `"${report.schedule}" is not a schedule`,
        'write minute hour day month weekday: "0 7 * * 1" is every Monday at 07:00',
      )
    checkIssuer(report.department, files)
  })

  if (alerts.value) idsOf(alerts.value.alerts, ['alerts'], alerts.mistake)
  alerts.value?.alerts.forEach((rule, index) => {
    refer(rule.department, departmentIds, 'department', ['alerts', index, 'department'], alerts.mistake)
    refer(rule.when.topics, topicIds, 'topic', ['alerts', index, 'when', 'topics'], alerts.mistake)
  })
}

/** A department that issues a report needs what stands in the document's head and at its foot. */
function checkIssuer(id: string, { departments }: ProfileFiles): void {
  departments.value?.departments.forEach((department, index) => {
    if (department.id !== id) return
    for (const key of ['parent', 'symbol', 'seat', 'signer'] as const)
      if (department[key] === undefined)
        departments.mistake(
          ['departments', index],
          `"${id}" issues a report but has no "${key}"`,
          `add "${key}:" to this department`,
        )
  })
}

function checkPlaces({ places, elsewhere }: z.infer<typeof placesSchema>, mistake: Report): void {
  idsOf(places, ['places'], mistake)
  const ofKind = (...kinds: string[]) => new Set(places.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id))
  const communes = ofKind('commune', 'ward')
  const districts = ofKind('former-district')

  places.forEach((place, index) => {
    const path = ['places', index]
    const names = new Set(Object.values(place.names).flat())
    if (names.size === 0) mistake([...path, 'names'], `"${place.id}" has no name`, 'add at least one: "vi: [Tên]"')
    for (const [language, list] of Object.entries(place.names))
      duplicates(list).forEach((at) => {
        mistake([...path, 'names', language, at], `"${list[at]}" stands here twice`, 'remove one of the two')
      })
    refer(place.communes, communes, 'commune or ward', [...path, 'communes'], mistake)
    refer(place.district, districts, 'former district', [...path, 'district'], mistake)
    place.homographs?.forEach((rule, at) => {
      const rulePath = [...path, 'homographs', at]
      rule.names?.forEach((name, nth) => {
        if (!names.has(name))
          mistake(
            [...rulePath, 'names', nth],
            `"${name}" is no name of "${place.id}"`,
            'add it to the names or correct it',
          )
      })
      if (!rule.require && !rule.reject && !rule.rejectBefore && !rule.rejectAfter)
        mistake(rulePath, 'this rule decides nothing', 'add "require", "reject", "rejectBefore" or "rejectAfter"')
    })
  })
  duplicates(elsewhere.map(({ name }) => name)).forEach((at) => {
    mistake(['elsewhere', at, 'name'], `"${elsewhere[at]?.name}" stands here twice`, 'merge the two entries')
  })
}

type TermLists = Readonly<Record<string, Readonly<Record<string, readonly Term[]>> | undefined>>

function checkTermLists(lists: TermLists, path: Path, mistake: Report): void {
  for (const [key, byLanguage] of Object.entries(lists))
    for (const [language, terms] of Object.entries(byLanguage ?? {})) {
      const texts = terms.map((term) => (typeof term === 'string' ? term : term.term))
      duplicates(texts).forEach((at) => {
        mistake([...path, key, language, at], `"${texts[at]}" stands here twice`, 'remove one of the two')
      })
      texts.forEach((text, at) => {
        if (text.slice(0, -1).includes('*'))
          mistake([...path, key, language, at], `"${text}" has a * inside`, 'a * may stand at the end only')
      })
      terms.forEach((term, at) => {
        if (typeof term !== 'string' && term.within !== undefined && !term.with && !term.without)
          mistake([...path, key, language, at], '"within" needs "with" or "without"', 'add one, or remove "within"')
      })
    }
}

/** Ids of a list; an id that stands twice is a mistake. */
function idsOf(list: readonly { readonly id: string }[], path: Path, mistake: Report): Set<string> {
  const ids = list.map(({ id }) => id)
  duplicates(ids).forEach((at) => {
    mistake([...path, at, 'id'], `the id "${ids[at]}" stands here twice`, 'give one of the two another id')
  })
  return new Set(ids)
}

/** Indices of values that already stood before. */
const duplicates = (values: readonly string[]): number[] =>
  values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []))

/** Every id named must exist; `known` is null when the file that defines them could not be read. */
function refer(
  named: string | readonly string[] | undefined,
  known: ReadonlySet<string> | null,
  noun: string,
  path: Path,
  mistake: Report,
): void {
  if (known === null || named === undefined) return
  const list = typeof named === 'string' ? [named] : named
  list.forEach((id, index) => {
    if (known.has(id)) return
    const choice = known.size <= 40 ? `use one of: ${[...known].join(', ')}` : `use the id of a ${noun} that is defined`
    mistake(typeof named === 'string' ? path : [...path, index], `there is no ${noun} "${id}"`, choice)
  })
}
