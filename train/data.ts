import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { Fatal } from '../errors.ts'
import type { RelevanceLevel, Tone } from '../model.ts'

/** An article with what people said of it; null where they were not asked. */
export interface Labelled {
  readonly id: string
  readonly title: string
  readonly text: string
  readonly relevance: RelevanceLevel | null
  readonly topics: readonly string[] | null
  readonly tone: Tone | null
  readonly sensitive: boolean | null
  /** Of what was drawn for standing near the gold: its nearest article, as `<set>/<id>`. */
  readonly beside?: string
  readonly set: 'province' | 'general' | 'further' | 'transposed' | 'correction'
}

/** Labelled by the project itself (further-topics.tsv, transposed.tsv): it trains, places no cut, and is never measured on. */
export const isFurther = ({ set }: Pick<Labelled, 'set'>): boolean => set === 'further' || set === 'transposed'

export const dataFolder = new URL('../../shared/data/', import.meta.url)
const goldFolder = new URL('gold/', dataFolder)

export const isDataPresent = (): boolean => existsSync(new URL('articles-vi.jsonl', goldFolder))

const relevance = z.enum(['main', 'mention', 'none'])
const tone = z.enum(['positive', 'neutral', 'negative'])
const text = z.string().transform((value) => value.normalize('NFC'))
const provinceItem = z.object({
  id: z.string(),
  title: text,
  text,
  relevance,
  topics: z.array(z.string()),
  tone,
  sensitive: z.boolean(),
})
const generalItem = z.object({ id: z.string(), title: text, text, topics: z.array(z.string()) })

/** A correction as the monitor exports it: fields that the analyst left alone are absent or null. */
const correction = z.object({
  id: z.string(),
  title: text,
  text,
  relevance: relevance.nullish(),
  topics: z.array(z.string()).nullish(),
  tone: tone.nullish(),
  sensitive: z.boolean().nullish(),
})

const lines = (file: URL | string): unknown[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): unknown => JSON.parse(line))

/** The two gold sets. An item that does not name the province has no topics there: it was not asked for them. */
export function readGold(): Labelled[] {
  const province = lines(new URL('articles-vi.jsonl', goldFolder)).map((line): Labelled => {
    const item = provinceItem.parse(line)
    return { ...item, topics: item.relevance === 'none' ? null : item.topics, set: 'province' }
  })
  const general = lines(new URL('topics-general-vi.jsonl', goldFolder)).map((line): Labelled => {
    const item = generalItem.parse(line)
    return { ...item, relevance: null, tone: null, sensitive: null, set: 'general' }
  })
  return [...province, ...general]
}

const streamItem = z.object({ id: z.string(), title: text, summary: text.nullish() })
const fullArticle = z.object({ id: z.string(), title: text, lead: text.nullish(), body: text })
/** So much of a full article is read, in characters: as much as the gold has of such. */
const READ_BODY = 900

/** Articles without labels by id, those of the stream as `stream/<id>`. */
export function readUnlabelled(ids: ReadonlySet<string>): { id: string; title: string; text: string }[] {
  const chosen = <T>(name: string, prefix: string, read: (value: unknown) => T): T[] =>
    gunzipSync(readFileSync(new URL(name, dataFolder)))
      .toString('utf8')
      .split('\n')
      // A look at the id spares parsing 170,000 lines.
      .filter((line) => ids.has(prefix + (/"id": ?"([^"]+)"/.exec(line)?.[1] ?? '')))
      .map((line) => read(JSON.parse(line)))
  const items = [
    ...chosen('news-stream-vi.jsonl.gz', 'stream/', (value) => {
      const { id, title, summary } = streamItem.parse(value)
      return { id: `stream/${id}`, title, text: summary ?? '' }
    }),
    ...chosen('vietnews-other.jsonl.gz', '', (value) => {
      const { id, title, lead, body } = fullArticle.parse(value)
      return { id, title, text: `${lead ?? ''}\n${body.slice(0, READ_BODY)}` }
    }),
  ]
  // The stream has some items twice.
  return [...new Map(items.map((item) => [item.id, item])).values()]
}

/** The lines of a table beside this file. */
export const readTable = (name: string): string[][] =>
  readFileSync(new URL(name, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))

/**
 * Further articles with topics (train/further-topics.tsv: the item's id, its topics, for some the article of the gold beside
 * which they were drawn; README.md says how they were chosen and labelled). They train, and are never measured on.
 */
export function readFurther(): Labelled[] {
  const rows = new Map(
    readTable('further-topics.tsv').map(([id = '', topics = '', beside]) => [
      id,
      {
        topics: topics.split(',').filter((topic) => topic !== ''),
        ...(beside === undefined ? {} : { beside }),
      },
    ]),
  )
  return readUnlabelled(new Set(rows.keys())).map(
    (item): Labelled => ({
      ...item,
      relevance: null,
      topics: null,
      tone: null,
      sensitive: null,
      set: 'further',
      ...rows.get(item.id),
    }),
  )
}

const REMEDY = 'Export them anew: npm run --silent cli -- corrections > corrections.jsonl'

/** The text of a file of corrections. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Fatal(`The corrections cannot be read from ${file}`, {
      code: 'corrections.unreadable',
      remedy: REMEDY,
      cause,
    })
  }
}

/**
 * Analysts' corrections, one JSON object a line.
 *
 * @throws Fatal `corrections.unreadable` without the file, `corrections.invalid` with the number of the line that is none
 */
export function readCorrections(file: string): Labelled[] {
  return textOf(file)
    .split('\n')
    .flatMap((line, i): Labelled[] => {
      if (line.trim() === '') return []
      const item = parsed(line)
      if (item === null)
        throw new Fatal(`Line ${i + 1} of ${file} is no correction`, { code: 'corrections.invalid', remedy: REMEDY })
      return [
        {
          id: item.id,
          title: item.title,
          text: item.text,
          relevance: item.relevance ?? null,
          topics: item.topics ?? null,
          tone: item.tone ?? null,
          sensitive: item.sensitive ?? null,
          set: 'correction',
        },
      ]
    })
}

function parsed(line: string): z.infer<typeof correction> | null {
  try {
    return correction.safeParse(JSON.parse(line)).data ?? null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
