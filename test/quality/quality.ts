/**
 * `npm run quality [-- --json] [--only <prefix of ids>] [--raise] [--worst <n>]`: runs the measures of
 * `measures/*.ts` (each exports `measures: Measure[]`), prints them with confidence intervals, and exits 1 when one
 * falls below its floor in `floors.json`. Floors only rise: `--raise` writes the higher figures, never lower ones.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { scriptOptions } from '../../cli/script-options.ts'
import { DataAbsent, type Measure, type MeasureResult } from './measure.ts'

interface Row {
  readonly id: string
  readonly title: string
  readonly floor: number | null
  readonly seconds: number
  readonly result: MeasureResult | null
  /** Why there is no result. */
  readonly skipped: string | null
}

const floorsFile = new URL('floors.json', import.meta.url)
const measuresFolder = new URL('measures/', import.meta.url)

const options = scriptOptions('npm run quality --', {
  json: { type: 'boolean', default: false },
  only: { type: 'string', value: 'prefix of ids', default: '' },
  raise: { type: 'boolean', default: false },
  worst: { type: 'string', value: 'n', default: '10' },
})

async function collect(): Promise<Measure[]> {
  const files = readdirSync(measuresFolder).filter((name) => name.endsWith('.ts'))
  const all: Measure[] = []
  for (const file of files.sort()) {
    const module: { measures?: readonly Measure[] } = await import(new URL(file, measuresFolder).href)
    if (!module.measures) throw new Error(`test/quality/measures/${file} exports no \`measures\``)
    all.push(...module.measures)
  }
  return all.filter((measure) => measure.id.startsWith(options.only))
}

async function runOne(measure: Measure, floor: number | null): Promise<Row> {
  const start = performance.now()
  const row = { id: measure.id, title: measure.title, floor }
  const seconds = (): number => Math.round(performance.now() - start) / 1000
  try {
    return { ...row, result: await measure.run(), skipped: null, seconds: seconds() }
  } catch (error) {
    if (!(error instanceof DataAbsent)) throw error
    return { ...row, result: null, skipped: error.message, seconds: seconds() }
  }
}

/** Three decimals, cut rather than rounded: a floor is never above what was measured. */
const cut = (value: number): number => Math.floor(value * 1000) / 1000
const three = (value: number): string => value.toFixed(3)

function printTable(rows: readonly Row[]): void {
  const width = Math.max(...rows.map((row) => row.id.length), 10)
  console.log(`${'measure'.padEnd(width)}  value   95 % interval    floor      n`)
  for (const row of rows) {
    if (!row.result) {
      console.log(`${row.id.padEnd(width)}  skipped: ${row.skipped}`)
      continue
    }
    const { value, ci, n } = row.result
    const interval = ci ? `${three(ci[0])} – ${three(ci[1])}` : ''
    const below = row.floor !== null && value < row.floor ? '  BELOW THE FLOOR' : ''
    const floor = row.floor === null ? '' : three(row.floor)
    console.log(
      `${row.id.padEnd(width)}  ${three(value)}   ${interval.padEnd(15)}  ${floor.padEnd(5)}  ${String(n).padStart(5)}${below}`,
    )
  }
  for (const row of rows) {
    if (!row.result?.detail) continue
    console.log(`\n${row.id}: ${row.title}`)
    for (const [name, value] of Object.entries(row.result.detail)) printDetail(name, value)
  }
}

function printDetail(name: string, value: unknown): void {
  if (!Array.isArray(value)) {
    console.log(`  ${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    return
  }
  console.log(`  ${name}:`)
  for (const line of value.slice(0, Number(options.worst)))
    console.log(`    ${typeof line === 'string' ? line : JSON.stringify(line)}`)
}

const floors: Record<string, number> = existsSync(floorsFile) ? JSON.parse(readFileSync(floorsFile, 'utf8')) : {}
const rows: Row[] = []
const measures = await collect()
if (measures.length === 0) {
  console.error(`No measure begins with "${options.only}".`)
  process.exit(2)
}
for (const measure of measures) rows.push(await runOne(measure, floors[measure.id] ?? null))

const below = rows.filter((row) => row.result !== null && row.floor !== null && row.result.value < row.floor)
const skipped = rows.filter((row) => row.result === null)
if (options.json) console.log(JSON.stringify({ measures: rows, below: below.map((row) => row.id) }))
else {
  printTable(rows)
  if (skipped.length > 0)
    console.log(
      `\n${skipped.length} of ${rows.length} measures were skipped for want of data: nothing was proved by them.`,
    )
}

if (options.raise) {
  // Read anew: a run takes minutes, in which another may have raised other floors.
  const raised: Record<string, number> = JSON.parse(readFileSync(floorsFile, 'utf8'))
  for (const row of rows) if (row.result) raised[row.id] = Math.max(raised[row.id] ?? 0, cut(row.result.value))
  writeFileSync(floorsFile, `${JSON.stringify(Object.fromEntries(Object.entries(raised).sort()), null, 2)}\n`)
}
if (below.length > 0) {
  console.error(`Below the floor: ${below.map((row) => row.id).join(', ')}`)
  process.exitCode = 1
}
