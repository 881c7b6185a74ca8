/**
 * The background of Vietnamese news from which statistics are made (never text): the stream of titles and summaries,
 * without the weeks of the story gold (±3 days), so that what the gold measures is not in the statistics; and, with
 * `full`, 30,000 older full articles. Needs ../shared/data; says so and ends when it is absent.
 */
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const data = new URL('../../shared/data/', import.meta.url)

interface Background {
  readonly title: string
  readonly text: string
}

function* lines(name: string): Generator<Record<string, unknown>> {
  for (const line of gunzipSync(readFileSync(new URL(name, data)))
    .toString()
    .split('\n'))
    if (line) yield JSON.parse(line)
}

const inGoldWeeks = (day: string): boolean =>
  (day >= '2025-09-26' && day <= '2025-10-08') || (day >= '2026-01-30' && day <= '2026-02-08')

/** Every article of the background, in NFC; `full`: with the older full articles, else their titles and leads. */
export function* background({ full }: { readonly full: boolean }): Generator<Background> {
  if (!existsSync(data)) {
    console.error('../shared/data is absent; nothing was made')
    process.exit(1)
  }
  const nfc = (value: unknown): string => String(value ?? '').normalize('NFC')
  for (const item of lines('news-stream-vi.jsonl.gz'))
    if (!inGoldWeeks(String(item.published).slice(0, 10))) yield { title: nfc(item.title), text: nfc(item.summary) }
  for (const item of lines('vietnews-other.jsonl.gz'))
    yield { title: nfc(item.title), text: full ? `${nfc(item.lead)}\n${nfc(item.body)}` : nfc(item.lead) }
}
