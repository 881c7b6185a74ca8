import type { Locale } from '../locales/index.ts'
import type { Outlet } from '../model.ts'
import type { Place, Profile } from '../profiles/schema.ts'

/** Names of what the profile defines. An id that the profile no longer knows is shown as it is, so that nothing vanishes. */
export const topicLabel = (profile: Profile, locale: Locale, id: string): string =>
  profile.topics.find((topic) => topic.id === id)?.label[locale] ?? id

export const placeLabel = (profile: Profile, id: string): string =>
  profile.places.find((place) => place.id === id)?.name ?? id

export const outletOf = (profile: Profile, id: string): Outlet | undefined =>
  profile.outletDefinitions.find((outlet) => outlet.id === id)

export const outletName = (profile: Profile, id: string): string => outletOf(profile, id)?.name ?? id

export const reportLabel = (profile: Profile, locale: Locale, id: string): string =>
  profile.reports.find((report) => report.id === id)?.label[locale] ?? id

export const alertLabel = (profile: Profile, locale: Locale, id: string): string =>
  profile.alerts.find((rule) => rule.id === id)?.label[locale] ?? id

/** `tiếng Trung`, `Chinese`. */
export function languageLabel(locale: Locale, code: string): string {
  const name = new Intl.DisplayNames([locale], { type: 'language' }).of(code) ?? code
  return locale === 'vi' ? name.charAt(0).toLowerCase() + name.slice(1) : name
}

/** Places one may filter by, grouped by kind and in Vietnamese alphabetical order. */
export function filterPlaces(profile: Profile): ReadonlyMap<Place['kind'], readonly Place[]> {
  const groups = new Map<Place['kind'], Place[]>()
  const order = new Intl.Collator('vi')
  for (const place of profile.places) {
    const group = groups.get(place.kind)
    if (group) group.push(place)
    else groups.set(place.kind, [place])
  }
  for (const group of groups.values()) group.sort((a, b) => order.compare(a.name, b.name))
  return groups
}
