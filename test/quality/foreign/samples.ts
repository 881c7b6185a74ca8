import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const sampleSchema = z.strictObject({
  id: z.string().regex(/^[a-z]{2}-\d{3}$/),
  outletCountry: z.string().regex(/^[A-Z]{2}$/),
  language: z.string().regex(/^[a-z]{2}$/),
  title: z.string().min(1),
  text: z.string().min(1),
  label: z.strictObject({
    relevance: z.enum(['main', 'mention', 'none']),
    /** The most important first; none for `none`. */
    topics: z.array(z.string()).max(3),
    tone: z.enum(['positive', 'neutral', 'negative']),
    sensitive: z.boolean(),
  }),
  sample: z.literal(true),
})

/** An article in a foreign language, written and labelled by us. */
export type ForeignSample = z.infer<typeof sampleSchema>

/**
 * `short`: three sentences each, beside this file; `press`: at the length and in the manner of the press; `fresh`: so, too,
 * written after rules had been mended for `press`; `blind`: so, too, later, by someone who had not read the rules.
 */
export type SampleSet = 'short' | 'press' | 'fresh' | 'blind'

const FOLDERS: Readonly<Record<SampleSet, string>> = {
  short: import.meta.dirname,
  press: join(import.meta.dirname, 'press'),
  fresh: join(import.meta.dirname, 'fresh'),
  blind: join(import.meta.dirname, 'blind'),
}

/**
 * The samples of every YAML file of the set's folder, in the order of their ids.
 *
 * @throws Error naming the file whose samples are not in the right form, or the id that exists twice
 */
export async function loadForeignSamples(set: SampleSet): Promise<ForeignSample[]> {
  const folder = FOLDERS[set]
  const samples = new Map<string, ForeignSample>()
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.yaml'))) {
    const result = z.array(sampleSchema).safeParse(parse(await readFile(join(folder, file), 'utf8')))
    if (!result.success) throw new Error(`${folder}/${file} is no list of samples: ${z.prettifyError(result.error)}`)
    for (const sample of result.data) {
      if (samples.has(sample.id)) throw new Error(`${folder}/${file}: the sample "${sample.id}" exists already`)
      samples.set(sample.id, sample)
    }
  }
  return [...samples.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}
