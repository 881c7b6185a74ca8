import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { translator } from '../locales/index.ts'
import { problemText } from '../locales/problem.ts'

const crawlers = join(import.meta.dirname, '..', 'crawlers')

/** Codes of what may happen to a source or a page, as the crawlers' own text names them. */
function codesOfCollecting(): readonly string[] {
  const files = readdirSync(crawlers, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  const text = files.map((name) => readFileSync(join(crawlers, name), 'utf8')).join('\n')
  const named = text.matchAll(/'((?:fetch|robots|page|feed|sitemap|listing|gdelt|browser|guard)\.[a-z][a-z-]+)'/g)
  return [...new Set([...named].flatMap(([, code]) => code ?? []))].filter((code) => !/\.(?:html|json)$/.test(code))
}

describe('what stood in the way of collecting', () => {
  it('has words in both languages, whatever the code', () => {
    const codes = codesOfCollecting()
    expect(codes.length).toBeGreaterThan(30)
    for (const locale of ['vi', 'en'] as const) {
      const t = translator(locale)
      expect(codes.filter((code) => problemText(t, { code, message: 'as it says' }) === 'as it says')).toEqual([])
    }
  })

  it('is told as the error said where its code is not known', () => {
    const t = translator('vi')
    expect(problemText(t, { code: 'page.khac', message: 'lạ' })).toBe('lạ')
    expect(problemText(t, { code: 'constructor.name', message: 'lạ' })).toBe('lạ')
    expect(problemText(t, { code: '', message: 'lạ' })).toBe('lạ')
  })
})
