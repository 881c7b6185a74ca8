import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Fatal } from '../errors.ts'
import type { BenchFigure, BenchSection } from './section.ts'

const root = join(import.meta.dirname, '..')

/** A real week, end to end, in a process of its own: outlets, monitor and reports together. */
async function run(): Promise<readonly BenchFigure[] | { readonly missing: string }> {
  if (!existsSync(join(root, '..', 'shared', 'data', 'news-stream-vi.jsonl.gz')))
    return { missing: '../shared/data/news-stream-vi.jsonl.gz (the recorded stream)' }
  const out = await mkdtemp(join(tmpdir(), 'bench-replay-'))
  try {
    const args = ['--max-old-space-size=512', join(root, 'test', 'press-world', 'replay.ts'), '--json', '--out', out]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
    const printed = await text(child.stdout)
    if ((await ended) !== 0)
      throw new Fatal('the replay failed', { code: 'bench.replay', remedy: 'Run "npm run replay" to see why.' })
    const figures = JSON.parse(printed)
    return [
      {
        name: 'articles kept of those published',
        value: figures.articles / figures.published,
        unit: '×',
        target: { min: 1 },
      },
      { name: 'a real week end to end', value: figures.seconds, unit: 's', target: { max: 180 } },
      { name: 'pages', value: figures.pagesPerSecond, unit: 'pages/s' },
      { name: 'peak memory', value: figures.peakMegabytes, unit: 'MB', target: { max: 700 } },
    ]
  } finally {
    await rm(out, { recursive: true, force: true })
  }
}

export const replayBench: BenchSection = { id: 'replay', run }
