import type { Instant } from '../model.ts'
import { shortenNames } from '../pipeline/initials.ts'
import { splitSentences } from '../pipeline/sentences.ts'
import { type KeyLimits, type KeySentence, keySentenceReader } from '../pipeline/summarise.ts'
import type { Profile } from '../profiles/schema.ts'
import type { AnnexRow, Quote } from './report-data.ts'
import type { Item } from './selection.ts'

/** A row of the annex takes one sentence. */
const IN_ANNEX: KeyLimits = { max: 1, maxWords: 40 }

/**
 * Short sentences of the article, exactly as printed. Sentences that name minors, victims or suspects are avoided where
 * others will do; where none will, they stand as printed.
 */
export function quotesOf(profile: Profile, item: Item, limits: KeyLimits): readonly Quote[] {
  const telling = tellingOf(item)
  const chosen = telling(limits)
  if (chosen.every(({ text }) => shortened(profile, item, text).length === 0)) return chosen
  const wider = telling({ max: limits.max * 3, maxWords: limits.maxWords * 3 })
  const nameless = wider.filter(({ text }) => shortened(profile, item, text).length === 0).slice(0, limits.max)
  return nameless.length > 0 ? nameless : chosen
}

/** One sentence for the annex; names of minors, victims and suspects become initials, and then it is no quotation. */
export function extractOf(profile: Profile, item: Item): AnnexRow['extract'] {
  const quote = quotesOf(profile, item, IN_ANNEX)[0]
  if (!quote) return null
  const { text, shortened: names } = shortenNames(quote.text, namesOptions(profile, item))
  return names.length === 0 ? { ...quote, verbatim: true } : { ...quote, text, verbatim: false }
}

const shortened = (profile: Profile, item: Item, text: string) =>
  shortenNames(text, namesOptions(profile, item)).shortened

/** What `shortenNames` is to know of an article. */
export const namesOptions = (profile: Profile, { article }: { readonly article: { readonly published: Instant } }) => ({
  year: Number(article.published.slice(0, 4)),
  places: placeNames(profile),
})

/** A report asks for them thousands of times. */
const known = new WeakMap<Profile, ReadonlySet<string>>()
function placeNames(profile: Profile): ReadonlySet<string> {
  const names = known.get(profile) ?? new Set(profile.places.map(({ name }) => name.toLowerCase()))
  known.set(profile, names)
  return names
}

/** Gives the most telling sentences of lead and text; the first ones where none stands out. */
function tellingOf({ article, outlet }: Item): (limits: KeyLimits) => readonly Quote[] {
  const read = keySentenceReader(
    {
      id: article.id,
      version: article.version,
      title: article.title,
      lead: article.lead,
      text: article.text,
      outlet: outlet.id,
      published: article.published,
      language: article.language,
    },
    article.assessment.relevance.places,
  )
  return (limits) => {
    const chosen = read(limits)
    return (chosen.length > 0 ? chosen : opening(article, limits.max)).map(({ text, field, from, to }) => ({
      text,
      cite: { articleId: article.id, version: article.version, field, from, to },
    }))
  }
}

/** Characters of an opening, at most. */
const OPENING_LENGTH = 320

/**
 * The first sentences, for articles in which none stands out: very short ones, and those in scripts without spaces, whose
 * sentences have no words to count.
 */
function opening({ lead, text, language }: Item['article'], max: number): readonly KeySentence[] {
  const field = lead !== null && lead !== '' ? 'lead' : 'text'
  const source = field === 'lead' ? (lead ?? '') : text
  const sentences: KeySentence[] = []
  for (const { from, to } of splitSentences(source, language)) {
    if (sentences.length === max || to > OPENING_LENGTH) break
    sentences.push({ text: source.slice(from, to), field, from, to })
  }
  return sentences
}
