import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isMap, isNode, isScalar, isSeq, parseDocument, Scalar, stringify, type YAMLMap } from 'yaml'
import { Skip } from '../errors.ts'
import type { Day, Extracted, Outlet } from '../model.ts'
import { extract } from '../pipeline/extract.ts'
import type { OutletFile } from '../profiles/outlet-schema.ts'
import { anonymise } from './outlet-fixture.ts'

const SCHEMA = '# yaml-language-server: $schema=../../profiles/schemas/outlet.schema.json'

/** A definition as the catalogue holds it, with what a person must still look at as comments. */
export function outletYaml(outlet: OutletFile, toCheck: readonly string[], day: Day): string {
  const { id, name, origin, class: kindOfOutlet, kind, country, languages, homepage, ...rest } = outlet
  const { sources, articlePattern, browser, notes, timezone } = rest
  const text = stringify(
    {
      ...{ id, name, origin, class: kindOfOutlet, kind, country, languages, homepage },
      ...(timezone === undefined ? {} : { timezone }),
      sources,
      ...(articlePattern === undefined ? {} : { articlePattern: quoted(articlePattern) }),
      ...(browser === undefined ? {} : { browser }),
      ...(notes === undefined ? {} : { notes }),
    },
    { lineWidth: 0 },
  )
  const comments = [
    `Proposed on ${day} by "outlet add". To be checked by a person:`,
    ...toCheck.map((one) => `- ${one}`),
  ]
  return `${SCHEMA}\n${comments.map((line) => `# ${line}`).join('\n')}\n${text}`
}

/** A pattern in single quotes, in which a backslash is a backslash. */
function quoted(text: string): Scalar {
  const scalar = new Scalar(text)
  scalar.type = Scalar.QUOTE_SINGLE
  return scalar
}

/** @throws Skip `outlet.exists` rather than write over a definition that somebody may have edited */
export async function writeOutlet(folder: string, outlet: OutletFile, text: string): Promise<string> {
  const file = join(folder, `${outlet.id}.yaml`)
  await mkdir(folder, { recursive: true })
  try {
    await writeFile(file, text, { flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    throw new Skip(`${file} exists already`, {
      code: 'outlet.exists',
      remedy: 'Give another id with --id, or move the file away first.',
      cause: error,
    })
  }
  return file
}

/** What stands beside the page of a fixture: where it comes from, and what must come out of it. */
export interface FixtureRecord {
  readonly url: string
  /** `live`: mark-up of a page as the outlet sent it; `rules`: made from the outlet's rules, never seen live. */
  readonly seen: 'live' | 'rules'
  readonly fetchedAt: string
  readonly expected: Pick<Extracted, 'title' | 'lead' | 'published' | 'byline' | 'section'> & {
    readonly paragraphs: number
    readonly by: Extracted['by']
  }
}

/** What extraction makes of a page of a fixture, in the form in which it is recorded. */
export function expectedOf(html: string, url: string, fetchedAt: string, outlet: Outlet): FixtureRecord['expected'] {
  const { title, lead, text, published, byline, section, by } = extract({ url, html, outlet, fetchedAt })
  return { title, lead, published, byline, section, paragraphs: text?.split('\n').length ?? 0, by }
}

/**
 * Writes the page's mark-up with our words in it, and what extraction makes of that, to `<folder>/<id>/<day>/`.
 * @returns the file of the page
 */
export async function writeFixture(
  folder: string,
  outlet: Outlet,
  page: { readonly url: string; readonly html: string },
  fetchedAt: string,
): Promise<string> {
  const place = join(folder, outlet.id, fetchedAt.slice(0, 10))
  await mkdir(place, { recursive: true })
  const html = anonymise(page.html, new URL(page.url).host)
  const url = page.url
  const record: FixtureRecord = { url, seen: 'live', fetchedAt, expected: expectedOf(html, url, fetchedAt, outlet) }
  await writeFile(join(place, 'page.html'), html)
  await writeFile(join(place, 'page.json'), `${JSON.stringify(record, null, 2)}\n`)
  return join(place, 'page.html')
}

/** The outlet as it is once the rules in force count as verified. */
export const withConfirmedRules = (outlet: Outlet): Outlet => ({
  ...outlet,
  rules: outlet.rules.map(({ unverified, ...rules }) =>
    rules.until === undefined || unverified === undefined ? rules : { ...rules, unverified },
  ),
})

/** Takes `unverified` from the rules in force (those without an end); everything else in the file stays as it is. */
export async function confirmRules(file: string): Promise<boolean> {
  const before = await readFile(file, 'utf8')
  const rules = parseDocument(before).get('rules')
  if (!isSeq(rules)) return false
  let text = before
  // From the last to the first, so that the places of the others still hold.
  for (const one of rules.items.toReversed())
    if (isMap(one) && !one.has('until')) text = withoutKey(text, one, 'unverified')
  if (text !== before) await writeFile(file, text)
  return text !== before
}

/** The text without one pair of a map, in whichever style the map is written. */
function withoutKey(text: string, map: YAMLMap, name: string): string {
  const pair = map.items.find(({ key }) => isScalar(key) && key.value === name)
  const [start, end] = [
    isNode(pair?.key) ? pair.key.range?.[0] : undefined,
    isNode(pair?.value) ? pair.value.range?.[1] : undefined,
  ]
  if (pair === undefined || start === undefined || end === undefined) return text
  const [head, tail] = [text.slice(0, start), text.slice(end)]
  const isLast = map.items.at(-1) === pair
  if (map.flow) return isLast ? head.replace(/,\s*$/, '') + tail : head + tail.replace(/^\s*,\s*/, '')
  return isLast
    ? head.replace(/\n[ \t]*$/, '') + tail.replace(/^[ \t]*(?:#[^\n]*)?/, '')
    : head + tail.replace(/^[^\n]*\n[ \t]*/, '')
}
