import { type Locale, translator } from '../locales/index.ts'
import type { Outlet } from '../model.ts'
import type { Place, Profile } from '../profiles/schema.ts'

/** Names of what the profile defines. An id that the profile no longer knows is shown as it is, so that nothing vanishes. */
export const topicLabel = (profile: Profile, locale: Locale, id: string): string =>
  profile.topics.find((topic) => topic.id === id)?.label[locale] ?? id

/** A place, or an area of several; a unit that the reorganisation of 2025 dissolved says so, as it does in reports. */
export function placeLabel(profile: Profile, locale: Locale, id: string): string {
  const area = profile.areas?.find((one) => one.id === id)
  if (area) return area.label[locale]
  const place = profile.places.find((one) => one.id === id)
  if (!place) return id
  const name = place.name.slice(0, 1).toLocaleUpperCase('vi') + place.name.slice(1)
  return place.kind.startsWith('former-') ? translator(locale)('reports.matter.former', { name }) : name
}

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

/** Kinds of places in the order in which one looks for them. */
const KINDS: readonly Place['kind'][] = [
  'province',
  'former-province',
  'former-district',
  'commune',
  'ward',
  'border-gate',
  'landmark',
  'infrastructure',
  'river',
  'partner',
  'other',
  'former-commune',
]

/** Places one may filter by, grouped by kind and in Vietnamese alphabetical order. */
export function filterPlaces(
  profile: Profile,
): readonly { readonly kind: Place['kind']; readonly places: readonly Place[] }[] {
  const order = new Intl.Collator('vi', { numeric: true })
  return KINDS.map((kind) => ({
    kind,
    places: profile.places.filter((place) => place.kind === kind).sort((a, b) => order.compare(a.name, b.name)),
  })).filter(({ places }) => places.length > 0)
}
