import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { Fatal } from '../errors.ts'
import { loadOutlets, loadProfile } from '../profiles/load.ts'
import { publishedSchemas, schemasFolder } from '../profiles/publish-schemas.ts'

const root = join(import.meta.dirname, '..')
const outletsFolder = join(root, 'crawlers/outlets')
const provinces = ['lao-cai', 'lai-chau'] as const
const files = ['profile', 'places', 'topics', 'tone', 'sensitivity', 'departments', 'reports', 'alerts']

const folderOf = (id: string): string => join(root, 'profiles', id)

async function failure(work: Promise<unknown>): Promise<Fatal> {
  try {
    await work
  } catch (error) {
    if (error instanceof Fatal) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe.each(provinces)('profile %s', (id) => {
  it('loads, with its outlets', async () => {
    const profile = await loadProfile(folderOf(id), outletsFolder)
    expect(profile.id).toBe(id)
    expect(profile.digest).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(profile.outletDefinitions.map((outlet) => outlet.id)).toEqual(profile.outlets.follow)
  })

  it('has one province, whose Vietnamese name is the profile’s', async () => {
    const { places, name } = await loadProfile(folderOf(id), outletsFolder)
    const provincesOfIt = places.filter(({ kind }) => kind === 'province')
    expect(provincesOfIt.map((place) => [place.name, place.strength])).toEqual([[name.vi, 'strong']])
    expect(provincesOfIt[0]?.names.vi).toContain(name.vi)
  })

  it('gives every topic an owner and Vietnamese and English terms', async () => {
    const { topics } = await loadProfile(folderOf(id), outletsFolder)
    expect(topics.filter(({ owner }) => owner.length === 0)).toEqual([])
    expect(topics.filter(({ terms }) => !terms.vi?.length || !terms.en?.length)).toEqual([])
  })

  it('counts its own media apart from the press', async () => {
    const { outletDefinitions } = await loadProfile(folderOf(id), outletsFolder)
    expect(outletDefinitions.some((outlet) => outlet.class === 'own')).toBe(true)
    expect(outletDefinitions.some((outlet) => outlet.class === 'press')).toBe(true)
  })

  it('follows only outlets that can be discovered', async () => {
    const { outletDefinitions } = await loadProfile(folderOf(id), outletsFolder)
    expect(outletDefinitions.filter(({ sources }) => sources.length === 0).map((outlet) => outlet.id)).toEqual([])
  })

  it('names in each file the schema that an editor checks it with', async () => {
    for (const file of await readdir(folderOf(id))) {
      const [first] = (await readFile(join(folderOf(id), file), 'utf8')).split('\n')
      expect(first, file).toBe(`# yaml-language-server: $schema=../schemas/${file.replace('.yaml', '')}.schema.json`)
    }
  })
})

describe('the two provinces', () => {
  it('share topics but not places, and class each other’s newspaper by who it belongs to', async () => {
    const laoCai = await loadProfile(folderOf('lao-cai'), outletsFolder)
    const laiChau = await loadProfile(folderOf('lai-chau'), outletsFolder)
    expect(laiChau.topics).toEqual(laoCai.topics)
    expect(laiChau.digest).not.toBe(laoCai.digest)
    const classOf = (profile: typeof laoCai, outlet: string) =>
      profile.outletDefinitions.find(({ id }) => id === outlet)?.class
    expect(['baolaocai', 'baolaichau'].map((outlet) => classOf(laoCai, outlet))).toEqual(['own', 'press'])
    expect(['baolaocai', 'baolaichau'].map((outlet) => classOf(laiChau, outlet))).toEqual(['press', 'own'])
  })

  it('Lào Cai has its 99 communes and wards, each under an official code of its own', async () => {
    const { places } = await loadProfile(folderOf('lao-cai'), outletsFolder)
    const units = places.filter(({ kind }) => kind === 'commune' || kind === 'ward')
    expect(units).toHaveLength(99)
    expect(units.filter(({ kind }) => kind === 'ward')).toHaveLength(10)
    expect(new Set(units.map(({ code }) => code)).size).toBe(99)
    expect(units.filter(({ code }) => !code?.match(/^\d{5}$/))).toEqual([])
  })

  it('Lào Cai reports the domestic press to one department and the foreign press to the other', async () => {
    const { reports } = await loadProfile(folderOf('lao-cai'), outletsFolder)
    expect(reports.map(({ origin, department }) => [origin, department])).toEqual([
      ['domestic', 'vhttdl'],
      ['foreign', 'ngoaivu'],
    ])
  })
})

describe('the catalogue of outlets', () => {
  it('is sound throughout, also where no profile follows', async () => {
    const outlets = await loadOutlets(outletsFolder)
    const count = (origin: string) =>
      outlets.filter((outlet) => outlet.origin === origin && outlet.class === 'press' && outlet.sources.length > 0)
        .length
    expect(count('domestic')).toBeGreaterThanOrEqual(60)
    expect(count('foreign')).toBeGreaterThanOrEqual(60)
  })

  it('gives a foreign outlet the zone of its seat', async () => {
    const outlets = await loadOutlets(outletsFolder)
    expect(outlets.find(({ id }) => id === 'chinanews')?.timezone).toBe('Asia/Shanghai')
    expect(outlets.find(({ id }) => id === 'vnexpress')?.timezone).toBe('Asia/Ho_Chi_Minh')
    for (const { timezone } of outlets)
      expect(() => new Intl.DateTimeFormat('en', { timeZone: timezone })).not.toThrow()
  })

  it('names the schema in each file', async () => {
    for (const file of await readdir(outletsFolder)) {
      const [first] = (await readFile(join(outletsFolder, file), 'utf8')).split('\n')
      expect(first, file).toBe('# yaml-language-server: $schema=../../profiles/schemas/outlet.schema.json')
    }
  })
})

it('the published schemas are those of the code (npm run schemas)', async () => {
  const published = publishedSchemas()
  expect((await readdir(schemasFolder)).sort()).toEqual([...published.keys()].sort())
  for (const [file, text] of published) expect(await readFile(join(schemasFolder, file), 'utf8'), file).toBe(text)
})

describe('a broken profile', () => {
  let scratch = ''
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'profile-'))
  })
  afterAll(async () => {
    await rm(scratch, { recursive: true, force: true })
  })

  let copies = 0
  /** Copies the small profile (and what it shares), then changes one file of it. */
  async function broken(file: string, change: (text: string) => string): Promise<{ error: Fatal; text: string }> {
    copies += 1
    const profiles = join(scratch, String(copies))
    for (const id of provinces) await cp(folderOf(id), join(profiles, id), { recursive: true })
    const path = join(profiles, 'lai-chau', file)
    const before = await readFile(path, 'utf8')
    const text = change(before)
    expect(text, 'the test must change the file').not.toBe(before)
    await writeFile(path, text)
    return { error: await failure(loadProfile(join(profiles, 'lai-chau'), outletsFolder)), text }
  }

  const lineOf = (text: string, part: string): number => text.split('\n').findIndex((line) => line.includes(part)) + 1

  const cases: readonly [string, string, string, string, RegExp][] = [
    [
      'an unknown department',
      'reports.yaml',
      'department: vhttdl',
      'department: vhtdl',
      /no department "vhtdl".*vhttdl/,
    ],
    ['a wrong schedule', 'reports.yaml', "'0 7 * * 1'", "'7 o clock'", /not a schedule.*0 7 \* \* 1/],
    ['an unknown key', 'alerts.yaml', 'maxAgeHours: 72', 'maxAgeHour: 72', /"maxAgeHour" is not known.*spelling/],
    ['a missing key', 'alerts.yaml', 'maxAgeHours: 72', '', /"maxAgeHours" is missing.*add "maxAgeHours:"/],
    ['a wrong value', 'places.yaml', 'strength: weak', 'strength: feeble', /not allowed.*strong, weak, context/],
    ['a wrong type', 'profile.yaml', 'irrelevantArchiveDays: 30', 'irrelevantArchiveDays: soon', /must be number/],
    ['an unknown outlet', 'profile.yaml', 'baosonla', 'baosonlaa', /no outlet "baosonlaa".*catalogue/],
    ['an outlet twice', 'profile.yaml', 'baosonla', 'vnexpress, baosonla', /"vnexpress" stands here twice/],
    ['an unknown district', 'places.yaml', 'district: district-tam-duong', 'district: tam-duong', /no former district/],
    ['an unknown commune', 'places.yaml', '[commune-binh-lu]', '[binh-lu]', /no commune or ward "binh-lu"/],
    [
      'an id twice',
      'places.yaml',
      'id: district-sin-ho',
      'id: district-muong-te',
      /"district-muong-te" stands here twice/,
    ],
    ['a rule about no name', 'places.yaml', 'names: [Tam Đường]', 'names: [Tam Đườn]', /"Tam Đườn" is no name of/],
    [
      'another folder’s id',
      'profile.yaml',
      'id: lai-chau',
      'id: lao-cai',
      /differs from the folder's name.*id: lai-chau/,
    ],
    ['no YAML', 'departments.yaml', '- id: ngoaivu', '- id: [ngoaivu', /not YAML/],
    ['the police as a receiver', 'reports.yaml', 'to: [', 'to: [Công an tỉnh, ', /not routed to the police/],
    ['an issuer without symbol', 'departments.yaml', 'symbol: SVHTTDL', '', /issues a report but has no "symbol"/],
  ]

  it.each(cases)('%s: names file, line and remedy', async (_name, file, find, replacement, expected) => {
    const { error, text } = await broken(file, (before) => before.replace(find, replacement))
    expect(error.code).toBe('profile.invalid')
    expect(error.remedy).toContain('docs/profile.md')
    const line = error.message.split('\n').find((candidate) => expected.test(candidate))
    expect(line, error.message).toBeDefined()
    expect(line).toMatch(new RegExp(`lai-chau/${file}:\\d+:\\d+: `))
    if (replacement !== '' && _name !== 'no YAML' && _name !== 'an id twice')
      expect(line).toContain(`${file}:${lineOf(text, replacement)}:`)
  })

  it('reports all mistakes of all files together', async () => {
    const profiles = join(scratch, 'several')
    for (const id of provinces) await cp(folderOf(id), join(profiles, id), { recursive: true })
    const folder = join(profiles, 'lai-chau')
    for (const [file, find, replacement] of [
      ['reports.yaml', 'department: vhttdl', 'department: nobody'],
      ['alerts.yaml', 'relevance: main', 'relevance: mean'],
      ['places.yaml', 'kind: border-gate', 'kind: gate'],
    ] as const)
      await writeFile(join(folder, file), (await readFile(join(folder, file), 'utf8')).replace(find, replacement))
    await rm(join(folder, 'departments.yaml'))
    const { message } = await failure(loadProfile(folder, outletsFolder))
    for (const file of ['alerts.yaml', 'places.yaml', 'departments.yaml']) expect(message).toContain(`${file}:`)
    expect(message).toContain('the file does not exist')
    expect(message).toContain('3 mistakes')
  })

  it('points into the shared file that is wrong', async () => {
    const profiles = join(scratch, 'shared')
    for (const id of provinces) await cp(folderOf(id), join(profiles, id), { recursive: true })
    const tone = join(profiles, 'lao-cai', 'tone.yaml')
    await writeFile(tone, `${await readFile(tone, 'utf8')}mixed: {}\n`)
    const { message } = await failure(loadProfile(join(profiles, 'lai-chau'), outletsFolder))
    expect(message).toMatch(/lao-cai\/tone\.yaml:\d+:1: the key "mixed" is not known here/)
  })

  it('brings decomposed text to NFC instead of refusing it', async () => {
    const profiles = join(scratch, 'nfd')
    for (const id of provinces) await cp(folderOf(id), join(profiles, id), { recursive: true })
    const places = join(profiles, 'lai-chau', 'places.yaml')
    await writeFile(places, (await readFile(places, 'utf8')).normalize('NFD'))
    const decomposed = await loadProfile(join(profiles, 'lai-chau'), outletsFolder)
    const original = await loadProfile(folderOf('lai-chau'), outletsFolder)
    expect(decomposed.places).toEqual(original.places)
    expect(decomposed.digest).toBe(original.digest)
  })

  it('keeps the digest when only comments, order of keys or reports change, and changes it with a term', async () => {
    const profiles = join(scratch, 'digest')
    for (const id of provinces) await cp(folderOf(id), join(profiles, id), { recursive: true })
    const folder = join(profiles, 'lai-chau')
    const digest = async () => (await loadProfile(folder, outletsFolder)).digest
    const edit = async (file: string, change: (text: string) => string) => {
      await writeFile(join(folder, file), change(await readFile(join(folder, file), 'utf8')))
    }
    const original = await digest()
    await edit('places.yaml', (text) => `# một ghi chú\n${text}`)
    await edit('reports.yaml', (text) => text.replace('perTopic: 5', 'perTopic: 7'))
    expect(await digest()).toBe(original)
    await edit('places.yaml', (text) => text.replace('Pu Ta Leng', 'Pu Ta Lèng'))
    expect(await digest()).not.toBe(original)
  })
})

describe('a broken outlet', () => {
  const sound = {
    id: 'sample',
    name: 'Sample',
    origin: 'foreign',
    class: 'press',
    kind: 'national',
    country: 'FR',
    languages: ['fr'],
    homepage: null,
    sources: [{ kind: 'feed', url: 'https://sample.example/rss' }],
  }

  async function messageOf(changes: Record<string, unknown>): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'outlets-'))
    try {
      await writeFile(join(folder, 'sample.yaml'), JSON.stringify({ ...sound, ...changes }, null, 2))
      return (await failure(loadOutlets(folder))).message
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  it.each([
    ['a regular expression', { articlePattern: '([a-z' }, /sample\.yaml:18:\d+: this is not a regular expression/],
    ['a selector', { rules: [{ title: ['h1', 'div['] }] }, /"div\[" is not a CSS selector/],
    ['an attribute selector', { rules: [{ published: ['meta[@content'] }] }, /is not a CSS selector/],
    [
      'a search without a place for words',
      { sources: [{ kind: 'search', url: 'https://a.example/tim-kiem' }] },
      /\{query\}/,
    ],
    ['an address', { homepage: 'sample.example' }, /begins with http/],
    ['a scheme', { homepage: 'ftp://sample.example' }, /begins with http/],
    ['a country without a zone', { country: 'BR' }, /no time zone is known for BR.*timezone:/],
    ['a zone', { timezone: 'Asia/Hanoi_' }, /not a time zone/],
    ['an id', { id: 'other' }, /differs from the file's name/],
    ['an address twice', { sources: [sound.sources[0], sound.sources[0]] }, /same address stands above/],
    ['days in the wrong order', { rules: [{ from: '2026-01-02', until: '2026-01-01' }] }, /"until" lies before/],
  ])('%s is named with its place', async (_name, changes, expected) => {
    const message = await messageOf(changes)
    expect(message).toMatch(expected)
    expect(message).toMatch(/sample\.yaml:\d+:\d+: /)
  })
})

describe('the published JSON Schemas', () => {
  const judge = async (name: string) =>
    z.fromJSONSchema(JSON.parse(await readFile(join(schemasFolder, `${name}.schema.json`), 'utf8')))

  it.each(files)('accept %s.yaml and refuse an unknown key in it', async (name) => {
    const schema = await judge(name)
    const data = parse(await readFile(join(folderOf('lao-cai'), `${name}.yaml`), 'utf8'))
    expect(schema.safeParse(data).error?.issues).toBeUndefined()
    expect(schema.safeParse({ ...data, unknownKey: 1 }).success).toBe(false)
  })

  it('accept every outlet and explain the keys to who edits one', async () => {
    const schema = await judge('outlet')
    for (const file of await readdir(outletsFolder))
      expect(schema.safeParse(parse(await readFile(join(outletsFolder, file), 'utf8'))).success, file).toBe(true)
    expect(publishedSchemas().get('outlet.schema.json')).toContain('Seat of the publisher, ISO 3166-1 alpha-2.')
  })
})
