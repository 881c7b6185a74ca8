import type { Mention } from './gazetteer.ts'
import { gravityFeatures, isGravityWord } from './gravity.ts'
import { READ_LENGTH } from './model-features.ts'
import type { FieldText } from './reading.ts'
import type { TermHit } from './terms.ts'
import { termScore } from './topics.ts'

/**
 * How loudly the profile's definitions speak, as numbers for the learned model: so an edited term moves the model too, and
 * model and definitions are combined by weights that were learned, not by a rule that was guessed.
 */

const near = (a: TermHit, b: TermHit): boolean => a.field === b.field && Math.abs(a.start - b.start) < 120

/** Names of features that only sensitivity is judged by begin so. */
export const BESIDE = 'beside '
const REACH = 150

/** How often what the definitions of events and tone found stands nearer to a place of the province, or to one elsewhere. */
function besidePlaces(hits: readonly TermHit[], mentions: readonly Mention[]): Map<string, number> {
  const counts = new Map<string, number>()
  const read = mentions.filter(({ field, start }) => field !== 'text' || start < READ_LENGTH + REACH)
  for (const hit of hits) {
    if (hit.speaksFor.startsWith('topic:') || isGravityWord(hit)) continue
    const distance = (verdict: Mention['verdict']): number =>
      read.reduce(
        (least, mention) =>
          mention.verdict === verdict && mention.field === hit.field
            ? Math.min(least, Math.abs(mention.start - hit.start))
            : least,
        REACH,
      )
    const home = distance('home')
    const elsewhere = distance('elsewhere')
    if (Math.min(home, elsewhere) >= REACH) continue
    const place = home <= elsewhere ? 'home' : 'elsewhere'
    for (const name of [hit.speaksFor, hit.speaksFor.replace(/:.*/, '')]) {
      const key = `${BESIDE}${place}/${name}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  }
  return counts
}

/** As far as the model reads: what stands further on was not there when it learned. */
export const hitsRead = (hits: readonly TermHit[]): TermHit[] =>
  hits.filter((hit) => hit.field !== 'text' || hit.start < READ_LENGTH)

/** Names and values, 0 to 1 or −1 to 1; features of value 0 are left out. */
export function denseFeatures(
  fields: readonly FieldText[],
  all: readonly TermHit[],
  mentions: readonly Mention[],
): Map<string, number> {
  const hits = hitsRead(all)
  const features = new Map<string, number>()
  const put = (name: string, value: number): void => {
    if (value !== 0) features.set(name, value)
  }
  const byList = Map.groupBy(hits, (hit) => hit.speaksFor)
  const title = hits.filter((hit) => hit.field === 'title')
  let total = 0
  const topics: [string, number][] = []
  for (const list of byList.keys()) {
    if (!list.startsWith('topic:')) continue
    const sum = Math.max(0, termScore(hits, list))
    topics.push([list, sum])
    total += sum
  }
  for (const [list, sum] of topics) {
    put(`${list}/all`, Math.tanh(sum / 6))
    put(`${list}/title`, 0.7 * Math.tanh(termScore(title, list) / 3))
    put(`${list}/share`, sum / (total || 1))
  }
  const positive = termScore(hits, 'tone:positive')
  const negative = termScore(hits, 'tone:negative')
  const routine = termScore(hits, 'tone:neutral')
  put('tone/neutral', Math.tanh(routine / 3))
  put('tone/neutral title', Math.tanh(termScore(title, 'tone:neutral') / 2))
  put('tone/neutral alone', Math.tanh(Math.max(0, routine - negative) / 2))
  put('tone/positive', Math.tanh(positive / 5))
  put('tone/negative', Math.tanh(negative / 5))
  put('tone/difference', Math.tanh((positive - negative) / 4))
  put('tone/title', Math.tanh((termScore(title, 'tone:positive') - termScore(title, 'tone:negative')) / 2))
  for (const [list, events] of byList) {
    if (!list.startsWith('event:')) continue
    const gravity = byList.get(list.replace('event:', 'gravity:')) ?? []
    const together = events.filter((event) => gravity.some((grave) => near(event, grave))).length
    put(`${list}/all`, 0.6 * Math.tanh(termScore(hits, list) / 4))
    put(`${list}/title`, 0.6 * Math.tanh(termScore(title, list) / 2))
    put(`${list}/near`, 0.7 * Math.tanh(together / 2))
  }
  for (const list of byList.keys()) {
    if (list.startsWith('gravity:')) put(`${list}/all`, 0.6 * Math.tanh(termScore(hits, list) / 4))
  }
  for (const [name, n] of besidePlaces(hits, mentions)) put(name, Math.tanh(n / 2))
  for (const [name, { value }] of gravityFeatures(fields, hits, mentions)) put(name, value)
  return features
}
