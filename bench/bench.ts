import { scriptOptions } from '../cli/script-options.ts'
import type { BenchFigure, BenchSection } from './section.ts'

/** In the order of an article's way. Loaded one at a time, so that one bench's memory is not another's. */
const sections: readonly (() => Promise<BenchSection>)[] = [
  async () => (await import('./collect.ts')).collectBench,
  async () => (await import('./extract.ts')).extractBench,
  async () => (await import('./pipeline.ts')).pipelineBench,
  async () => (await import('./stories.ts')).storiesBench,
  async () => (await import('./search.ts')).searchBench,
  async () => (await import('./pages.ts')).pagesBench,
  async () => (await import('./replay.ts')).replayBench,
]

const values = scriptOptions('npm run bench --', {
  json: { type: 'boolean' },
  only: { type: 'string', value: 'prefix of a section' },
  small: { type: 'boolean' },
})
/** Sections that take minutes have a small variant, to see that they work. */
if (values.small) process.env.BENCH_SMALL = '1'

function verdict({ value, target }: BenchFigure): string {
  if (target === undefined) return ''
  const bounds = [
    target.max === undefined ? null : `≤ ${target.max}`,
    target.min === undefined ? null : `≥ ${target.min}`,
  ]
  const met = value <= (target.max ?? Number.POSITIVE_INFINITY) && value >= (target.min ?? Number.NEGATIVE_INFINITY)
  return `${met ? 'meets' : 'MISSES'} ${bounds.filter((bound) => bound !== null).join(', ')}`
}

const results: Record<string, unknown> = {}
for (const load of sections) {
  const section = await load()
  if (values.only !== undefined && !section.id.startsWith(values.only)) continue
  if (!values.json) console.log(`\n${section.id}`)
  const outcome = await section.run()
  results[section.id] = outcome
  if (values.json) continue
  if ('missing' in outcome) console.log(`  not measured: ${outcome.missing}`)
  else
    for (const figure of outcome) {
      const value = Number(figure.value.toPrecision(4))
      console.log(
        `  ${figure.name.padEnd(58)} ${String(value).padStart(10)} ${figure.unit.padEnd(11)} ${verdict(figure)}`,
      )
    }
}
if (Object.keys(results).length === 0) {
  console.error(`No section begins with "${values.only}".`)
  process.exitCode = 2
} else if (values.json) console.log(JSON.stringify(results))
