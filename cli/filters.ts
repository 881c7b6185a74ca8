import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import type { Extracted, Outlet } from '../model.ts'
import type { Assessor } from '../pipeline/assess.ts'
import { decodePage } from '../pipeline/decode.ts'
import { extract } from '../pipeline/extract.ts'
import { createStoryWindow } from '../pipeline/stories.ts'
import { storyLine, storyLineSchema, summaryLine, summaryLineSchema } from '../pipeline/story-filters.ts'
import { filterLines, type Streams } from './json-lines.ts'

/** The pipeline as commands without a store: JSON lines in, JSON lines out, absent values null. */

const extractLineSchema = z
  .object({
    id: z.string(),
    url: z.url({ protocol: /^https?$/ }),
    html: z.string().optional(),
    file: z.string().optional(),
  })
  .refine((line) => (line.html === undefined) !== (line.file === undefined), 'give either "html" or "file"')

/** Bytes of a page on disk; `.gz` or gzip magic is inflated. */
async function readPage(file: string): Promise<string> {
  const bytes = await readFile(file)
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b
  return decodePage(zipped ? gunzipSync(bytes, { maxOutputLength: 64 * 1024 * 1024 }) : bytes, null).html
}

function extractLine(id: string, url: string, page: Extracted) {
  const { title, lead, text, byline, section, published, modified, language, canonical, image, by } = page
  return { id, url, title, lead, text, byline, section, published, modified, language, canonical, image, by }
}

/** The outlet that publishes under a host of `outlets`, so that its rules apply. */
function outletFinder(outlets: readonly Outlet[]): (url: string) => Outlet | null {
  const hostOf = (url: string): string => new URL(url).hostname.replace(/^(www|m|amp)\./, '')
  const byHost = new Map<string, Outlet>()
  for (const outlet of outlets) if (outlet.homepage !== null) byHost.set(hostOf(outlet.homepage), outlet)
  return (url) => byHost.get(hostOf(url)) ?? null
}

/** `{"id","url","html"}` or `{"id","url","file"}` → the fields of the article and which fallback gave each. */
export function extractFilter(streams: Streams, outlets: readonly Outlet[]): Promise<number> {
  const outletOf = outletFinder(outlets)
  return filterLines(streams, extractLineSchema, async ({ id, url, html, file }) => {
    const page = html ?? (await readPage(file ?? ''))
    return extractLine(id, url, extract({ url, html: page, outlet: outletOf(url) }))
  })
}

const assessLineSchema = z.object({
  id: z.string(),
  title: z.string().nullish(),
  text: z.string().nullish(),
  lead: z.string().nullish(),
  outlet: z.string().nullish(),
  language: z.string().nullish(),
  published: z.string().nullish(),
})

/** `{"id","title","text","outlet"?,"language"?,"published"?}` → relevance, places, topics, tone, sensitivity, evidence. */
export function assessFilter(streams: Streams, assessor: Assessor, outlets: readonly Outlet[]): Promise<number> {
  const known = new Map(
    outlets.flatMap((outlet) => [[outlet.id, outlet.id] as const, [outlet.name, outlet.id] as const]),
  )
  return filterLines(streams, assessLineSchema, async (line) => {
    const { relevance, topics, tone, sensitive, evidence } = await assessor.assess({
      id: line.id,
      title: line.title ?? '',
      lead: line.lead ?? null,
      text: line.text ?? '',
      outletId: known.get(line.outlet ?? '') ?? null,
      language: line.language ?? null,
      published: line.published ?? null,
    })
    return {
      id: line.id,
      relevance: relevance.level,
      score: relevance.score,
      places: relevance.places,
      topics,
      tone,
      sensitive,
      evidence,
    }
  })
}

/** Articles in order of publication → `{"id","story","copyOf"}`. */
export function storiesFilter(streams: Streams, days: number): Promise<number> {
  const window = createStoryWindow({ days })
  return filterLines(streams, storyLineSchema, (line) => storyLine(window, line))
}

/** One story a line → its summary of at most `words` whitespace tokens, each sentence with what it cites. */
export function summariseFilter(streams: Streams, words: number): Promise<number> {
  return filterLines(streams, summaryLineSchema, (line) => summaryLine(line, words))
}
