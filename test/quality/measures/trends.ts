import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { gazetteer } from '../../../pipeline/gazetteer.ts'
import { readFields } from '../../../pipeline/reading.ts'
import { isNamed } from '../../../pipeline/relevance.ts'
import { spikes } from '../../../pipeline/trends.ts'
import { loadProfile } from '../../../profiles/load.ts'
import { DataAbsent, type Measure } from '../measure.ts'

const data = new URL('../../../../shared/data/', import.meta.url)
const root = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** Days on which the press wrote of one event much more than usual: each is found on the day (the floods on either). */
const EVENTS = [['2025-09-29', '2025-09-30'], ['2025-12-27'], ['2026-02-23'], ['2026-02-28']]
/** The stated rate; the rate measured is below it, since a count is whole. */
const FALSE_ALARMS_PER_MONTH = 1

interface StreamItem {
  readonly id: string
  readonly outlet: string
  readonly title: string
  readonly summary: string | null
  readonly published: string
}

/** Items of the stream that name the province, by day in Vietnam; an outlet's item that the feed repeats counts once. */
async function relevantByDay(): Promise<Map<string, string[]>> {
  const file = new URL('news-stream-vi.jsonl.gz', data)
  if (!existsSync(file)) throw new DataAbsent('../shared/data/news-stream-vi.jsonl.gz')
  const profile = await loadProfile(root('profiles/lao-cai'), root('crawlers/outlets'))
  const places = gazetteer(profile)
  const seen = new Set<string>()
  const days = new Map<string, string[]>()
  for (const line of gunzipSync(readFileSync(file)).toString().split('\n')) {
    if (!line) continue
    const item: StreamItem = JSON.parse(line)
    const key = `${item.outlet}\n${item.title}`
    if (seen.has(key)) continue
    seen.add(key)
    const published = new Date(item.published).toISOString()
    const article = {
      id: item.id,
      title: item.title,
      lead: null,
      text: item.summary ?? '',
      outletId: null,
      language: 'vi',
      published,
    }
    if (!isNamed(places.read(readFields(article), article))) continue
    const day = new Date(Date.parse(published) + 7 * 3_600_000).toISOString().slice(0, 10)
    days.set(day, [...(days.get(day) ?? []), item.title])
  }
  return days
}

const found: Measure = {
  id: 'spikes.found',
  title: 'four events of ten months of the real stream found on the day; at most two false alarms a month',
  run: async () => {
    const byDay = await relevantByDay()
    const counts = new Map([...byDay].map(([day, titles]) => [day, titles.length]))
    const alarms = spikes(counts, {
      from: '2025-08-09',
      to: '2026-05-31',
      falseAlarmsPerMonth: FALSE_ALARMS_PER_MONTH,
    }).filter((spike) => spike.first || EVENTS.some((days) => days.includes(spike.day)))
    const hit = EVENTS.filter((days) => alarms.some((alarm) => days.includes(alarm.day)))
    const others = alarms.filter((alarm) => !EVENTS.some((days) => days.includes(alarm.day)))
    const byMonth = Map.groupBy(others, (alarm) => alarm.day.slice(0, 7))
    return {
      value: hit.length / EVENTS.length,
      n: EVENTS.length,
      detail: {
        'stated false alarms a month': FALSE_ALARMS_PER_MONTH,
        'other alarms a month': others.length / (296 / 30),
        'most in one month': Math.max(0, ...[...byMonth.values()].map((list) => list.length)),
        items: [...byDay.values()].reduce((sum, titles) => sum + titles.length, 0),
        alarms: alarms.map(
          (alarm) =>
            `${alarm.day}: ${alarm.count} (${alarm.expected.toFixed(2)} expected) ${(byDay.get(alarm.day) ?? []).slice(0, 2).join(' | ')}`,
        ),
      },
    }
  },
}

export const measures: readonly Measure[] = [found]
