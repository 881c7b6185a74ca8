import { hashText } from '../pipeline/model-features.ts'
import type { Place, Profile } from '../profiles/schema.ts'
import { type Labelled, readTable, readUnlabelled } from './data.ts'

/**
 * Articles about other provinces, read as if they were about ours: the other's names give way to the profile's, so that what
 * was labelled of the one teaches about the other. The province's own articles outside the gold are left alone: some of
 * them are what the result will be measured on.
 */

/** Words for units, and the kind of the profile's places that takes their names' place. */
const UNITS: Readonly<Record<string, Place['kind']>> = {
  huyện: 'former-district',
  'thị xã': 'former-district',
  'thị trấn': 'commune',
  xã: 'commune',
  phường: 'ward',
}
const NAME = String.raw`\p{Lu}[\p{L}']*(?: \p{Lu}[\p{L}']*){0,2}`
const UNIT_NAME = new RegExp(String.raw`(?<!\p{L})(${Object.keys(UNITS).join('|')}) (${NAME})`, 'gu')
const UNIT_WORD = new RegExp(`^(?:${Object.keys(UNITS).join('|')}) `, 'iu')
const LATIN = /^[\p{Script=Latin} .-]+$/u

const vietnamese = (place: Place | undefined): string => place?.names.vi?.[0] ?? ''

/** @returns title and text with the names of `province`, and of the units of the text, given way to the profile's */
export function transposer(profile: Profile): (title: string, text: string, province: string) => [string, string] {
  const pools = new Map(
    Object.values(UNITS).map((kind) => [
      kind,
      profile.places
        .filter((place) => place.kind === kind)
        .map((place) => vietnamese(place).replace(UNIT_WORD, ''))
        .filter((name) => name !== ''),
    ]),
  )
  const own = vietnamese(profile.places.find((place) => place.kind === 'province'))
  return (title, text, province) => {
    const given = new Map<string, string>()
    for (const [, unit = '', name = ''] of `${title}\n${text}`.matchAll(UNIT_NAME)) {
      const pool = pools.get(UNITS[unit] ?? 'commune') ?? []
      const chosen = pool[hashText(name) % (pool.length || 1)]
      if (chosen !== undefined && !given.has(name)) given.set(name, chosen)
    }
    const names = profile.elsewhere.find(({ name }) => name === province)?.names ?? [province]
    for (const name of names) if (LATIN.test(name)) given.set(name, own)
    const longestFirst = [...given.keys()].sort((a, b) => b.length - a.length)
    const any = new RegExp(
      String.raw`(?<!\p{L})(?:${longestFirst.map((name) => RegExp.escape(name)).join('|')})(?!\p{L})`,
      'gu',
    )
    const replace = (from: string): string => from.replace(any, (name) => given.get(name) ?? name)
    return [replace(title), replace(text)]
  }
}

/** What the third column of train/transposed.tsv says. */
const LABELS: Readonly<Record<string, Pick<Labelled, 'relevance' | 'tone' | 'sensitive'>>> = {
  sensitive: { relevance: 'main', tone: 'negative', sensitive: true },
  negative: { relevance: 'main', tone: 'negative', sensitive: false },
  neutral: { relevance: 'main', tone: 'neutral', sensitive: false },
  positive: { relevance: 'main', tone: 'positive', sensitive: false },
  mention: { relevance: 'mention', tone: null, sensitive: false },
}

/** Articles of train/transposed.tsv (id, the other province, label; README.md says how they were chosen and labelled). */
export function readTransposed(profile: Profile): Labelled[] {
  const rows = new Map(readTable('transposed.tsv').map(([id = '', ...rest]) => [id, rest]))
  const transpose = transposer(profile)
  return readUnlabelled(new Set(rows.keys())).flatMap((item): Labelled[] => {
    const [province = '', label = ''] = rows.get(item.id) ?? []
    const said = LABELS[label]
    if (!said) throw new Error(`train/transposed.tsv gives ${item.id} the unknown label "${label}"`)
    const [title, text] = transpose(item.title, item.text, province)
    return [{ id: item.id, title, text, topics: null, ...said, set: 'transposed' }]
  })
}
