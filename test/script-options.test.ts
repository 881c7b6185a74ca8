import { spawn } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const text = (file: string): string => readFileSync(join(root, file), 'utf8')

/** What a person may call: `node train/….ts`, and what package.json runs beside the program. */
const training = globSync('train/*.ts', { cwd: root }).filter((file) => /\bscriptOptions\(/.test(text(file)))
const scripts: Record<string, string> = JSON.parse(text('package.json')).scripts
const called = ['quality', 'bench', 'train', 'fixtures'].map((name) => /\S+\.ts/.exec(scripts[name] ?? '')?.[0] ?? name)
const all = [...new Set([...training, ...called])]

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

const run = (file: string, ...options: readonly string[]): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...options], { cwd: root })
    let [out, err] = ['', '']
    child.stdout.on('data', (piece) => {
      out += piece
    })
    child.stderr.on('data', (piece) => {
      err += piece
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, err }))
  })

/** Starting a process takes long on a busy machine. */
const SLOW = { timeout: 180_000 }

describe('scripts beside the program', SLOW, () => {
  it('are all here: each that writes shipped weights reads its options', () => {
    const writing = globSync('train/*.ts', { cwd: root }).filter((file) => text(file).includes('writeFileSync('))
    expect(writing.length).toBeGreaterThan(7)
    expect(training.toSorted()).toEqual(writing.toSorted())
  })

  it.each(all)('%s says how it is called, and does not start for an option that it does not know', async (file) => {
    const [asked, mistaken] = await Promise.all([run(file, '--help'), run(file, '--nonsense')])
    expect(asked).toMatchObject({ code: 0, err: '' })
    expect(asked.out).toMatch(/^Usage: (npm run|node) .+\n$/)
    expect(mistaken).toEqual({ code: 2, out: '', err: `Unknown option '--nonsense'\n${asked.out}` })
  })

  it('name their options, and what stands behind one', async () => {
    const { out } = await run('test/quality/quality.ts', '--help')
    for (const option of ['[--json]', '[--only <prefix of ids>]', '[--raise]', '[--worst <n>]'])
      expect(out).toContain(option)
    expect(await run('test/quality/quality.ts', '--only')).toMatchObject({ code: 2, out: '' })
    expect(await run('bench/bench.ts', 'collect')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^Unexpected argument 'collect'/),
    })
  })

  it('that find nothing to measure under a name end as mistaken, not as passed', async () => {
    for (const file of ['test/quality/quality.ts', 'bench/bench.ts']) {
      const { code, err } = await run(file, '--only', 'nothing-of-this-name')
      expect(code).toBe(2)
      expect(err).toContain('begins with "nothing-of-this-name"')
    }
  })
})
