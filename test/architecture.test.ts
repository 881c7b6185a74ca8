import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')

/** Left to right: a file imports from its own room and from rooms to its left. */
const rooms = [
  'model',
  'errors',
  'clock',
  'config',
  'locales',
  'profiles',
  'pipeline',
  'store',
  'crawlers',
  'index',
  'reports',
  'alerts',
  'scheduler',
  'web',
  'app',
  'cli',
] as const

/** What implements a port or opens a resource: only the composition root picks among them. */
const implementations = [
  'store/open.ts',
  'index/sqlite.ts',
  'alerts/channels/email.ts',
  'alerts/channels/webhook.ts',
  'pipeline/models.ts',
]

const roomOf = (file: string): string => (file.split('/')[0] ?? '').replace(/\.ts$/, '')

function sourceFiles(): string[] {
  const entries = readdirSync(root, { withFileTypes: true }).filter((entry) =>
    (rooms as readonly string[]).includes(entry.name.replace(/\.ts$/, '')),
  )
  return entries.flatMap((entry) =>
    entry.isDirectory()
      ? readdirSync(join(root, entry.name), { recursive: true, withFileTypes: true })
          .filter((inner) => inner.isFile() && inner.name.endsWith('.ts'))
          .map((inner) => relative(root, join(inner.parentPath, inner.name)).split(sep).join('/'))
      : [entry.name],
  )
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g)].map((match) => match[1] ?? '')
}

const localImports = (file: string): string[] =>
  importsOf(file)
    .filter((target) => target.startsWith('.'))
    .map((target) =>
      normalize(join(dirname(file), target))
        .split(sep)
        .join('/'),
    )

const files = sourceFiles()

describe('architecture', () => {
  it('sees the rooms', () => {
    for (const room of rooms)
      expect(
        files.some((file) => roomOf(file) === room),
        room,
      ).toBe(true)
  })

  it('imports flow from left to right', () => {
    const order = new Map<string, number>(rooms.map((room, rank) => [room, rank]))
    const wrong = files.flatMap((file) =>
      localImports(file)
        .filter((target) => {
          const to = order.get(roomOf(target))
          return to === undefined || to > (order.get(roomOf(file)) ?? -1)
        })
        .map((target) => `${file} → ${target}`),
    )
    expect(wrong).toEqual([])
  })

  it('model.ts imports nothing', () => {
    expect(importsOf('model.ts')).toEqual([])
  })

  it('only app.ts picks implementations', () => {
    const wrong = files.flatMap((file) =>
      localImports(file)
        .filter((target) => implementations.includes(target) && roomOf(file) !== roomOf(target) && file !== 'app.ts')
        .map((target) => `${file} → ${target}`),
    )
    expect(wrong).toEqual([])
    for (const file of implementations) expect(files, 'the list names files that exist').toContain(file)
  })

  it('the pipeline is pure: no files, no network, no environment, no clock', () => {
    const wrong = files
      .filter((file) => roomOf(file) === 'pipeline' && file !== 'pipeline/models.ts')
      .flatMap((file) => {
        const text = readFileSync(join(root, file), 'utf8')
        const io = importsOf(file).filter((target) =>
          /^node:(fs|net|http|https|dns|child_process)|^(undici|playwright)/.test(target),
        )
        const ambient = text.match(/\bprocess\.env\b|\bDate\.now\(\)|\bnew Date\(\)|\bfetch\(/g) ?? []
        return [...io, ...ambient].map((what) => `${file}: ${what}`)
      })
    expect(wrong).toEqual([])
  })

  it('transformers stands behind pipeline/models.ts, Kysely behind store/, SQLite behind store/ and index/sqlite.ts', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter(
          (target) =>
            (target === '@xenova/transformers' && file !== 'pipeline/models.ts') ||
            (target === 'kysely' && roomOf(file) !== 'store') ||
            (target === 'node:sqlite' && roomOf(file) !== 'store' && roomOf(file) !== 'index'),
        )
        .map((target) => `${file} → ${target}`),
    )
    expect(wrong).toEqual([])
  })
})
