import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readDefinition } from '../pipeline/definition.ts'
import { checkCandidate, judgingValue } from '../profiles/candidate.ts'
import { live, watchProfile } from '../profiles/live.ts'
import { loadProfile } from '../profiles/load.ts'
import { JUDGING_NAMES, judgingText, overlayFolder, writeCopy } from '../profiles/overlay.ts'
import type { Profile } from '../profiles/schema.ts'
import { entryOf, spliceEntry } from '../profiles/splice.ts'
import { entryInForce, entryOfForm, formRows, RULE_LISTS, rowsOf } from '../web/profile-form.ts'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'profiles/lao-cai')
const outlets = join(root, 'crawlers/outlets')
let data = ''
let profile: Profile
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'profile-edit-'))
  profile = await loadProfile(folder, outlets)
})
afterAll(() => rm(data, { recursive: true, force: true }))

const shipped = (name: string) => readFile(join(folder, `${name}.yaml`), 'utf8')
/** Lines of `b` that `a` does not have, and the other way round. */
const changedLines = (a: string, b: string) => {
  const [left, right] = [new Set(a.split('\n')), new Set(b.split('\n'))]
  return [...left.symmetricDifference(right)].length
}

const SAMPLE = `# The head of the file.
topics:
  # About trips.
  - id: trips
    label: { vi: 'Du lịch', en: Trips } # shown to people
    terms:
      vi: [du lịch, khách, { term: tour, weight: 0.5 }] # the words
      # Foreign words.
      en: [travel]
    note: &shared [a, b]
  # About the rest.
  - id: rest
    label: {vi: Khác,   en: Rest}
    terms: { vi: [khác] }
    note: *shared
`
const at = (id: string) => ({ list: 'topics', id })

describe('changing an entry of a profile file', () => {
  it('leaves every other byte, comment and order as they are', () => {
    const before = entryOf(SAMPLE, at('trips')) as { terms: { vi: unknown[] } }
    const wanted = { ...before, terms: { ...before.terms, vi: [...before.terms.vi, 'nghỉ dưỡng'] } }
    const text = spliceEntry(SAMPLE, at('trips'), wanted)
    expect(entryOf(text, at('trips'))).toEqual(wanted)
    expect(text.replace(', nghỉ dưỡng', '').replace('{term: tour, weight: 0.5}', '{ term: tour, weight: 0.5 }')).toBe(
      SAMPLE,
    )
    expect(spliceEntry(SAMPLE, at('trips'), before)).toBe(SAMPLE)
  })

  it('keeps what other entries mean when a list that they share by an alias changes or goes', () => {
    const before = entryOf(SAMPLE, at('trips'))
    for (const value of [{ ...before, note: ['a', 'b', 'c'] }, null]) {
      const text = spliceEntry(SAMPLE, at('trips'), value)
      expect(entryOf(text, at('rest'))).toMatchObject({ note: ['a', 'b'] })
      expect(entryOf(text, at('trips'))).toEqual(value)
      expect(text).toContain('# About the rest.')
    }
  })

  it('appends, takes out, adds and drops keys', () => {
    const fresh = { id: 'sport', label: { vi: 'Thể thao', en: 'Sport' }, terms: { vi: ["o'clock: #1", 'bóng đá'] } }
    const text = spliceEntry(SAMPLE, at('sport'), fresh)
    expect(text.startsWith(SAMPLE.trimEnd())).toBe(true)
    expect(parse(text).topics.map(({ id }: { id: string }) => id)).toEqual(['trips', 'rest', 'sport'])
    expect(entryOf(text, at('sport'))).toEqual(fresh)
    expect(spliceEntry(text, at('sport'), null).trimEnd()).toBe(SAMPLE.trimEnd())
    const { note: _note, ...without } = entryOf(SAMPLE, at('rest')) as Record<string, unknown>
    const changed = spliceEntry(SAMPLE, at('rest'), { ...without, threshold: 3 })
    expect(entryOf(changed, at('rest'))).toEqual({ ...without, threshold: 3 })
    expect(changed).toContain('label: {vi: Khác,   en: Rest}')
  })

  it('reads one entry as the whole file gives it, whatever stands around', async () => {
    const odd = `${SAMPLE}  - { id: flow, label: {vi: A, en: A} }\n  - id: trips2\n    text: |\n      - id: rest\n`
    for (const entry of parse(odd).topics) expect(entryOf(odd, at(entry.id)), entry.id).toEqual(entry)
    const text = (await shipped('sensitivity')).normalize('NFC')
    for (const entry of parse(text).conditions)
      expect(entryOf(text, { list: 'conditions', id: entry.id })).toEqual(entry)
    expect(entryOf(text, { list: 'conditions', id: 'nothing' })).toBeNull()
  })

  it('changes few lines of each shipped file', async () => {
    const cases = [
      ['topics', at('sport'), { threshold: 3 }, 1],
      ['places', { list: 'places', id: 'district-sa-pa' }, { note: 'ghi chú thử' }, 2],
      ['sensitivity', { list: 'conditions', id: 'deaths' }, { relevance: 'mention' }, 2],
    ] as const
    for (const [name, place, change, most] of cases) {
      const text = await shipped(name)
      const after = spliceEntry(text, place, { ...entryOf(text, place), ...change })
      expect(entryOf(after, place)).toMatchObject(change)
      expect(changedLines(text, after), name).toBeLessThanOrEqual(most)
    }
  })
})

describe('the forms', () => {
  /** What a browser sends of an entry that nobody touched. */
  const sent = (name: (typeof JUDGING_NAMES)[number], entry: Readonly<Record<string, unknown>>) => {
    const form: Record<string, string | readonly string[]> = {}
    rowsOf(name, entry).forEach(({ n: _n, ...row }, n) => {
      for (const [key, value] of Object.entries(row))
        if (value !== false && value !== '') form[`r${n}.${key}`] = String(value)
    })
    for (const key of ['definition', 'threshold', 'relevance', 'weight', 'kind', 'name', 'code', 'area', 'district'])
      if (entry[key] !== undefined) form[key] = String(entry[key])
    for (const key of ['strength', 'note']) if (entry[key] !== undefined) form[key] = String(entry[key])
    for (const key of ['besidePlace', 'decides']) if (entry[key] === true) form[key] = '1'
    for (const key of ['owner', 'copyTo', 'topics']) if (entry[key]) form[key] = entry[key] as string[]
    const { label, communes, names, homographs } = entry as {
      label?: { vi: string; en: string }
      communes?: string[]
      names?: Record<string, string[]>
      homographs?: Record<string, unknown>[]
    }
    if (label) Object.assign(form, { 'label.vi': label.vi, 'label.en': label.en })
    if (communes) form.communes = communes.join(' ')
    for (const [language, spelled] of Object.entries(names ?? {})) form[`names.${language}`] = spelled.join('\r\n')
    homographs?.forEach((rule, n) => {
      for (const key of RULE_LISTS) form[`h${n}.${key}`] = ((rule[key] ?? []) as string[]).join('; ')
      for (const key of ['within', 'note']) if (rule[key] !== undefined) form[`h${n}.${key}`] = String(rule[key])
      if (rule.abroad) form[`h${n}.abroad`] = '1'
    })
    return form
  }

  it('give back every entry of the shipped profile as it is', () => {
    const ids = {
      topics: profile.topics.map(({ id }) => id),
      places: profile.places.map(({ id }) => id),
      sensitivity: profile.conditions.map(({ id }) => id),
      tone: ['all'],
    }
    for (const name of JUDGING_NAMES)
      for (const id of ids[name]) {
        const entry = entryInForce(profile, name, id)
        expect(entry && entryOfForm(name, id, sent(name, entry), entry), `${name} ${id}`).toEqual(entry)
      }
  })

  it('read stems, weights with a comma, conditions, added and dropped terms', () => {
    const form = {
      ...{
        'r3.term': 'du lịch',
        'r3.language': 'vi',
        'r3.kind': 'terms',
        'r3.weight': '0,5',
        'r3.with': ' Sa Pa ;Bắc Hà',
      },
      ...{ 'r3.within': '10', 'r7.term': 'travel', 'r7.language': 'en', 'r7.kind': 'weakTerms', 'r7.stem': '1' },
      ...{ 'r9.term': 'bỏ đi', 'r9.language': 'vi', 'r9.kind': 'terms', 'r9.drop': '1' },
      ...{ add: 'nghỉ dưỡng\nkhách*\n', addKind: 'terms', addLanguage: 'vi' },
    }
    expect(formRows('topics', form)).toHaveLength(4)
    const entry = entryOfForm('topics', 'tourism', form, {})
    expect(entry.terms).toEqual({
      vi: [{ term: 'du lịch', weight: 0.5, with: ['Sa Pa', 'Bắc Hà'], within: 10 }, 'nghỉ dưỡng', 'khách*'],
    })
    expect(entry.weakTerms).toEqual({ en: ['travel*'] })
  })
})

describe('a candidate', () => {
  it('is checked by the rules of the start, together with the other files', () => {
    const value = judgingValue(profile, 'topics') as { topics: Profile['topics'] }
    expect(checkCandidate(profile, 'topics', value).profile?.digest).toBe(profile.digest)
    const [rule] = profile.alerts
    if (!rule) throw new Error('the shipped profile has no alert')
    const alerts = [{ ...rule, when: { ...rule.when, topics: ['sport'] } }]
    const without = { topics: value.topics.filter(({ id }) => id !== 'sport') }
    const { profile: none, problems } = checkCandidate({ ...profile, alerts }, 'topics', without)
    expect(none).toBeNull()
    expect(problems).toMatchObject([{ file: 'alerts', problem: 'there is no topic "sport"' }])
    const [first, ...rest] = value.topics
    const bad = { topics: [{ ...first, terms: { vi: ['a*b', { term: 'x', weight: 'hai' }] } }, ...rest] }
    const [mistake] = checkCandidate(profile, 'topics', bad, 'vi').problems
    expect(mistake).toMatchObject({ path: ['topics', 0, 'terms', 'vi', 1, 'weight'], asks: 'number' })
  })
})

describe('edited copies', () => {
  it('stand over the shipped files, are written whole, and are noticed while the monitor runs', async () => {
    const overlay = overlayFolder(data, 'lao-cai')
    const location = { folder, overlay }
    const watch = await watchProfile(location)
    const shown = live(profile)
    expect(await watch.look(shown.current())).toBeNull()
    const text = await shipped('topics')
    const place = at('sport')
    await writeCopy(overlay, 'topics', spliceEntry(text, place, { ...entryOf(text, place), threshold: 7 }))
    expect(await readdir(overlay)).toEqual(['topics.yaml'])
    expect(await judgingText('topics', location)).toMatchObject({ edited: true })
    expect(await judgingText('places', location)).toMatchObject({ edited: false })
    const found = await watch.look(shown.current())
    if (found?.profile) shown.replace(found.profile)
    expect(shown.value.topics.find(({ id }) => id === 'sport')?.threshold).toBe(7)
    expect({ ...shown.value }.digest).not.toBe(profile.digest)
    const loaded = await loadProfile(folder, outlets, overlay)
    expect(loaded.digest).toBe(shown.value.digest)

    await writeFile(join(overlay, 'topics.yaml'), 'topics: [')
    const broken = await watch.look(shown.current())
    expect(broken).toMatchObject({ profile: null })
    expect(broken?.problems).toHaveLength(1)
    await expect(loadProfile(folder, outlets, overlay)).rejects.toMatchObject({ code: 'profile.invalid' })
  })
})

describe('the definition of a topic alone', () => {
  it('gives the sum, the threshold and the words with their weights', () => {
    const topic = {
      ...{ id: 'sample', label: { vi: 'Mẫu', en: 'Sample' }, definition: 'Mẫu', owner: [] },
      terms: { vi: ['lũ quét', { term: 'cầu', weight: 3, with: ['sập'], within: 3 }] },
      negativeTerms: { vi: ['diễn tập'] },
    }
    const article = { id: '1', lead: null, outletId: null, language: 'vi', published: null }
    const read = (title: string, text: string) => readDefinition(topic, { ...article, title, text })
    expect(read('Bài mẫu: lũ quét', 'Cầu mới vừa thông xe.')).toMatchObject({ sum: 2, threshold: 2 })
    expect(read('Bài mẫu', 'Cầu bị sập.').sum).toBe(3)
    expect(read('Bài mẫu', 'Diễn tập ứng phó lũ quét.').sum).toBe(0)
    expect(read('Bài mẫu', 'Cầu bị sập.').evidence.map(({ text }) => text)).toEqual(['Cầu'])
  })
})
