import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Fatal } from '../errors.ts'
import type { BenchFigure, BenchSection } from './section.ts'

/** Heap of a monitor in service, megabytes. */
const HEAP_MEGABYTES = 512

interface Sizes {
  /** Outlets, articles and days of the world. */
  readonly world: readonly [number, number, number]
  /** Pages of the other measurements. */
  readonly speed: number
  readonly browser: number
  readonly many: number
}
const full: Sizes = { world: [40, 5000, 3], speed: 1500, browser: 400, many: 20_000 }
const small: Sizes = { world: [20, 200, 1], speed: 200, browser: 12, many: 400 }

async function measured(mode: string, ...sizes: readonly number[]): Promise<Record<string, unknown>> {
  const args = [`--max-old-space-size=${HEAP_MEGABYTES}`, join(import.meta.dirname, 'collect-run.ts'), mode]
  const child = spawn(process.execPath, [...args, ...sizes.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const printed = await text(child.stdout)
  if ((await ended) !== 0)
    throw new Fatal(`the measurement "${mode}" failed`, {
      code: 'bench.collect',
      remedy: `Run "node bench/collect-run.ts ${mode} ${sizes.join(' ')}" to see why.`,
    })
  return JSON.parse(printed)
}

type Figures = Readonly<Record<string, number>>
const numbers = (value: unknown): readonly number[] => value as readonly number[]
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
const none = { max: 0 } as const

async function worldFigures({ world }: Sizes): Promise<BenchFigure[]> {
  const result = await measured('world', ...world)
  const figures = result as Figures
  const of = (name: string): number => figures[name] ?? Number.NaN
  const found = (missed: number, all: number): number => (all === 0 ? 1 : 1 - missed / all)
  const { own, all } = result.memory as { own: number; all: number }
  const name = `${world[0]} outlets, ${world[1]} articles, ${world[2]} days`
  return [
    {
      name: `recall of articles: ${name}`,
      value: found(of('missing'), of('collectable')),
      unit: '×',
      target: { min: 0.995 },
    },
    { name: 'recall of their texts', value: found(of('withoutText'), of('collectable')), unit: '×' },
    { name: 'articles held twice', value: of('doubled'), unit: 'articles', target: none },
    {
      name: `edits found of ${of('expectedEdits')}`,
      value: found(of('missedEdits'), of('expectedEdits')),
      unit: '×',
      target: { min: 1 },
    },
    {
      name: `take-downs found of ${of('expectedGone')}`,
      value: found(of('missedGone'), of('expectedGone')),
      unit: '×',
      target: { min: 1 },
    },
    { name: 'edits and take-downs that were none', value: of('falseEdits') + of('falseGone'), unit: 'articles' },
    {
      name: `requests against robots.txt of ${of('requests')}`,
      value: of('againstRobots'),
      unit: 'requests',
      target: none,
    },
    { name: 'intervals below the host’s delay', value: of('tooSoon'), unit: 'requests', target: none },
    { name: 'wall time', value: of('seconds'), unit: 's', target: { max: 600 } },
    // The forty outlets live in the same process.
    { name: 'peak memory of monitor and outlets', value: own, unit: 'MB' },
    { name: 'peak memory with the browser and the outlets', value: all, unit: 'MB', target: { max: 1200 } },
  ]
}

async function speedFigures({ speed }: Sizes): Promise<BenchFigure[]> {
  const result = await measured('speed', speed)
  const [ours, plain] = [median(numbers(result.ours)), median(numbers(result.plain))]
  const [oursCpu, plainCpu] = [median(numbers(result.oursCpu)), median(numbers(result.plainCpu))]
  return [
    { name: 'fetching and archiving, no extraction', value: ours, unit: 'pages/s' },
    { name: 'crawlee’s plain CheerioCrawler, same pages', value: plain, unit: 'pages/s' },
    { name: 'ours beside it', value: ours / plain, unit: '×', target: { min: 1.5 } },
    { name: 'its processor time a page beside ours', value: plainCpu / oursCpu, unit: '×' },
  ]
}

async function browserFigures({ browser }: Sizes): Promise<BenchFigure[]> {
  const result = await measured('browser', browser)
  if (typeof result.missing === 'string') return []
  const { rate = Number.NaN, pages = Number.NaN, read = Number.NaN } = result as Figures
  const { all } = result.memory as { all: number }
  return [
    { name: 'pages read by the browser', value: rate, unit: 'pages/s', target: { min: 3 } },
    { name: 'their texts read', value: read / pages, unit: '×', target: { min: 1 } },
    { name: 'peak memory with the browser', value: all, unit: 'MB', target: { max: 1200 } },
  ]
}

async function manyFigures({ many }: Sizes): Promise<BenchFigure[]> {
  const result = await measured('many', many)
  const rss = numbers(result.rss)
  const { rate = Number.NaN, pages = Number.NaN } = result as Figures
  const { own } = result.memory as { own: number }
  return [
    ...rss.map((value, at) => ({
      name: `memory after ${Math.round((pages * (at + 1)) / 4)} pages`,
      value,
      unit: 'MB',
      target: { max: 600 },
    })),
    {
      name: 'growth from the first quarter to the last',
      value: (rss.at(-1) ?? 0) / (rss[0] ?? 1),
      unit: '×',
      target: { max: 1.15 },
    },
    { name: 'peak memory without the browser', value: own, unit: 'MB', target: { max: 600 } },
    { name: 'pages, the whole way', value: rate, unit: 'pages/s' },
  ]
}

export const collectBench: BenchSection = {
  id: 'collect',
  run: async () => {
    const sizes = process.env.BENCH_SMALL === '1' ? small : full
    return [
      ...(await worldFigures(sizes)),
      ...(await speedFigures(sizes)),
      ...(await browserFigures(sizes)),
      ...(await manyFigures(sizes)),
    ]
  },
}
