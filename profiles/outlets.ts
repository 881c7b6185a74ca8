import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { compile } from 'css-select'
import type { Outlet } from '../model.ts'
import { type OutletFile, outletSchema, toOutlet, zoneOf } from './outlet-schema.ts'
import { type Located, type Mistake, readYaml } from './yaml-file.ts'

/** Ids of the outlets that the catalogue knows, sorted. */
export async function outletIds(folder: string): Promise<string[]> {
  const files = await readdir(folder)
  return files
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort()
}

/** Reads one outlet of the catalogue; null when something is wrong with it, which then stands in `mistakes`. */
export async function readOutlet(folder: string, id: string, mistakes: Mistake[]): Promise<Outlet | null> {
  const own: Mistake[] = []
  const file = await readYaml(join(folder, `${id}.yaml`), outletSchema, own)
  const timezone = file.value && checkOutlet(id, file.value, file.mistake)
  mistakes.push(...own)
  return own.length > 0 || file.value === null || timezone === null ? null : toOutlet(file.value, timezone)
}

function checkOutlet(id: string, outlet: OutletFile, mistake: Located<OutletFile>['mistake']): string | null {
  if (outlet.id !== id)
    mistake(['id'], `the id "${outlet.id}" differs from the file's name`, `write "id: ${id}" or rename the file`)

  const pattern = outlet.articlePattern
  if (pattern !== undefined && !compiles(() => new RegExp(pattern)))
    mistake(
      ['articlePattern'],
      'this is not a regular expression',
      'escape ( ) [ ] . ? + * with a backslash, or test it',
    )

  const seen = new Set<string>()
  outlet.sources.forEach((source, index) => {
    if (seen.has(source.url))
      mistake(['sources', index, 'url'], 'the same address stands above', 'remove one of the two')
    seen.add(source.url)
    if ('links' in source && source.links !== undefined)
      checkSelector(source.links, ['sources', index, 'links'], mistake)
  })

  outlet.rules.forEach((rules, index) => {
    if (rules.from !== undefined && rules.until !== undefined && rules.from > rules.until)
      mistake(['rules', index, 'until'], '"until" lies before "from"', 'exchange the two days')
    for (const [field, selectors] of Object.entries(rules))
      if (Array.isArray(selectors))
        selectors.forEach((selector, at) => {
          checkSelector(selector.replace(/@[\w:-]+$/, ''), ['rules', index, field, at], mistake)
        })
  })

  const timezone = outlet.timezone ?? zoneOf(outlet.country)
  if (timezone === undefined) {
    mistake(
      ['country'],
      `no time zone is known for ${outlet.country}`,
      'add "timezone:" with an IANA name (Asia/Tokyo)',
    )
    return null
  }
  if (outlet.timezone !== undefined && !compiles(() => new Intl.DateTimeFormat('en', { timeZone: timezone }))) {
    mistake(['timezone'], `"${timezone}" is not a time zone`, 'use an IANA name such as Asia/Ho_Chi_Minh')
    return null
  }
  return timezone
}

function checkSelector(selector: string, path: readonly PropertyKey[], mistake: Located<OutletFile>['mistake']): void {
  if (!compiles(() => compile(selector)))
    mistake(path, `"${selector}" is not a CSS selector`, 'try it in a browser: document.querySelector("…")')
}

/** Whether a parser accepts the text; it says so only by throwing. */
function compiles(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}
