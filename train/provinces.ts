/**
 * Makes pipeline/weights/name-provinces.json: which names (communes, rivers, districts, industrial zones …) stand
 * mostly with one province in the background, as hashes. Names that open with a Vietnamese family name are left out:
 * persons are no places. Run: `node train/provinces.ts`.
 */
import { writeFileSync } from 'node:fs'
import { scriptOptions } from '../cli/script-options.ts'
import { hash, names, tokens } from '../pipeline/features.ts'
import { FAMILY_NAMES } from '../pipeline/initials.ts'
import { namedProvinces } from '../pipeline/provinces.ts'
import { background } from './background.ts'

scriptOptions('node train/provinces.ts', {})

const LEAST = 4
const DOMINANT = 0.7
const tally = new Map<string, Map<number, number>>()
const add = (text: string) => {
  const list = tokens(text)
  const found = namedProvinces(list)
  const province = found[0]
  if (province === undefined) return
  // Two provinces say half each.
  if (found.length > 2) return
  for (const name of new Set(names(list))) {
    const first = name.split(' ')[0] ?? ''
    if (FAMILY_NAMES.has(first) || name.length < 3) continue
    const counts = tally.get(name) ?? new Map<number, number>()
    for (const each of found) counts.set(each, (counts.get(each) ?? 0) + 1 / found.length)
    tally.set(name, counts)
  }
}
for (const { title, text } of background({ full: true }))
  for (const part of [`${title}\n${text.slice(0, 400)}`, ...text.slice(400).split('\n')]) add(part)
const pairs: [number, number][] = []
const shown: string[] = []
for (const [name, counts] of tally) {
  const total = [...counts.values()].reduce((sum, n) => sum + n, 0)
  const [province, n] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [0, 0]
  if (total < LEAST || n / total < DOMINANT) continue
  if (namedProvinces(tokens(name.replace(/(^|\s)\p{L}/gu, (c) => c.toUpperCase()))).length > 0) continue
  pairs.push([hash(name), province])
  if (shown.length < 60 && pairs.length % 50 === 0) shown.push(`${name}:${province}`)
}
pairs.sort((a, b) => a[0] - b[0])
writeFileSync(
  new URL('../pipeline/weights/name-provinces.json', import.meta.url),
  `${JSON.stringify({ keys: pairs.map(([key]) => key), provinces: pairs.map(([, province]) => province) })}\n`,
)
console.log(pairs.length, shown.join(' '))
