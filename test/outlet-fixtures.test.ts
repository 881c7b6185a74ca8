import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectedOf, type FixtureRecord } from '../crawlers/outlet-files.ts'
import { extract } from '../pipeline/extract.ts'
import { loadOutlets } from '../profiles/load.ts'
import { fixturesFolder, ruleFixture, ruleFixtureName } from './fixtures/from-rules.ts'
import { samplePageFor } from './fixtures/rule-page.ts'

const outlets = await loadOutlets(join(import.meta.dirname, '..', 'crawlers', 'outlets'))
const ruled = outlets.flatMap((outlet) => outlet.rules.map((rules) => ({ id: outlet.id, outlet, rules })))

/** Days of pages seen live, of one outlet. */
async function liveDays(id: string): Promise<string[]> {
  const folder = join(fixturesFolder, id)
  return existsSync(folder) ? (await readdir(folder)).filter((name) => /^\d{4}-\d\d-\d\d$/.test(name)) : []
}

describe('outlets with extraction rules', () => {
  it('are some, so that the tests below say something', () => {
    expect(ruled.length).toBeGreaterThan(50)
  })

  it.each(ruled)('$id: has its sample page, as npm run fixtures writes it', async ({ outlet, rules }) => {
    const file = join(fixturesFolder, outlet.id, ruleFixtureName(rules))
    expect(await readFile(file, 'utf8')).toBe(ruleFixture(outlet, rules))
  })

  it.each(ruled)('$id: on its sample page every field with a rule comes out by the rule', ({ outlet, rules }) => {
    const sample = samplePageFor(outlet, rules)
    const inForce = { ...outlet, rules: [rules] }
    const found = extract({
      ...{
        url: sample.url,
        html: ruleFixture(outlet, rules),
        outlet: inForce,
        fetchedAt: `${sample.published}T22:00:00.000Z`,
      },
    })
    const fields = (['title', 'lead', 'byline', 'section', 'published', 'modified', 'image'] as const).filter(
      (field) => rules[field],
    )
    const by = [...fields, ...(rules.body ? ['text'] : [])].map((field) => [field, found.by[field]])
    expect(by).toEqual(by.map(([field]) => [field, 'rule']))
    expect(found.title).toBe(sample.title)
    if (rules.lead) expect(found.lead).toBe(sample.lead)
    if (rules.byline) expect(found.byline).toBe(sample.byline)
    if (rules.section) expect(found.section).toBe(sample.section)
    expect(found.published?.slice(0, 10)).toBe(sample.published)
    expect(found.text).toBe(sample.paragraphs.join('\n'))
    expect(found.text).not.toContain(sample.removed)
  })

  it('have a page seen live as soon as they count as verified', async () => {
    const verified = ruled.filter(({ rules }) => rules.unverified !== true)
    const without: string[] = []
    for (const { id } of verified) if ((await liveDays(id)).length === 0) without.push(id)
    expect(without).toEqual([])
  })
})

describe('pages seen live', async () => {
  const recorded: { name: string; folder: string; id: string }[] = []
  for (const { id } of outlets)
    for (const day of await liveDays(id))
      recorded.push({ name: `${id}/${day}`, folder: join(fixturesFolder, id, day), id })

  it.each(recorded)('$name still reads as recorded', async ({ folder, id }) => {
    const outlet = outlets.find((one) => one.id === id) ?? expect.fail()
    const { url, fetchedAt, expected }: FixtureRecord = JSON.parse(await readFile(join(folder, 'page.json'), 'utf8'))
    const html = await readFile(join(folder, 'page.html'), 'utf8')
    expect(expectedOf(html, url, fetchedAt, outlet)).toEqual(expected)
  })

  it('belong to outlets of the catalogue, as do the samples made from rules', async () => {
    const folders = (await readdir(fixturesFolder, { withFileTypes: true })).filter((entry) => entry.isDirectory())
    const known = new Set([...outlets.map(({ id }) => id), 'layouts'])
    expect(folders.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([])
    const stale: string[] = []
    for (const { name } of folders) {
      const wanted = new Set(ruled.filter(({ id }) => id === name).map(({ rules }) => ruleFixtureName(rules)))
      for (const file of await readdir(join(fixturesFolder, name)))
        if (file.startsWith('from-rules') && !wanted.has(file)) stale.push(`${name}/${file}`)
    }
    expect(stale).toEqual([])
  })
})
