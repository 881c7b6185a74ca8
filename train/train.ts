/**
 * `npm run train [-- --corrections <file.jsonl>] [--profile <folder>]`: fits the learned model for Vietnamese on the gold labels, and on
 * analysts' corrections where a file of them is given (as `cli corrections` exports them), and writes
 * pipeline/weights/assess-vi.bin and topics-vi.bin. Training twice on the same data gives the same bytes.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { scriptOptions } from '../cli/script-options.ts'
import { Fatal } from '../errors.ts'
import { decodeVectors, encodeTopics, encodeWeights } from '../pipeline/weights-format.ts'
import { loadProfile } from '../profiles/load.ts'
import type { Profile } from '../profiles/schema.ts'
import { isDataPresent, type Labelled, readCorrections, readFurther, readGold } from './data.ts'
import { examplesOf } from './examples.ts'
import { fitBoth } from './fit.ts'
import { groupsOf } from './groups.ts'
import { readTransposed } from './transposed.ts'

const options = scriptOptions('npm run train --', {
  corrections: { type: 'string', value: 'file.jsonl' },
  profile: { type: 'string', value: 'folder of profiles/', default: 'lao-cai' },
})
const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url))

/** The labels, and of each corrected article the last correction. */
function labelled(profile: Profile): Labelled[] {
  const items = new Map<string, Labelled>()
  if (isDataPresent())
    for (const item of [...readGold(), ...readFurther(), ...readTransposed(profile)])
      items.set(`${item.set}/${item.id}`, item)
  else console.log('../shared/data/gold is absent.')
  if (options.corrections !== undefined)
    for (const item of readCorrections(options.corrections)) items.set(item.id, item)
  return [...items.values()]
}

function readOrEnd(): Labelled[] {
  try {
    return labelled(profile)
  } catch (error) {
    if (!(error instanceof Fatal)) throw error
    console.error(`${error.message}. ${error.remedy}`)
    process.exit(1)
  }
}

const profile = await loadProfile(path(`profiles/${options.profile}`), path('crawlers/outlets'))
const items = readOrEnd()
if (items.length === 0) {
  console.log('Nothing to learn from: the shipped weights stay as they are.')
} else {
  const start = performance.now()
  const groups = groupsOf(items)
  const vectors = decodeVectors(readFileSync(path('pipeline/weights/vectors-vi.bin')))
  const weights = fitBoth(
    examplesOf(profile, items, groups),
    profile.topics.map((topic) => topic.id),
    vectors,
    decodeVectors(readFileSync(path('pipeline/weights/words-vi.bin'))),
  )
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  console.log(`${items.length} articles, ${seconds} s`)
  for (const [name, bytes] of [
    ['assess-vi.bin', encodeWeights(weights.rest)],
    ['topics-vi.bin', encodeTopics(weights.topics)],
  ] as const) {
    writeFileSync(path(`pipeline/weights/${name}`), bytes)
    console.log(`pipeline/weights/${name}: ${(bytes.length / 1e6).toFixed(1)} MB`)
  }
}
