import { z } from 'zod'
import { Skip } from '../../errors.ts'
import type { Instant, Outlet } from '../../model.ts'
import { type Discovered, type RawItem, snippet, toItems } from './items.ts'

/** An answer of mode `artlist`, format `json`: https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/ */
const answer = z.object({
  articles: z
    .array(z.object({ url: z.string(), title: z.string().optional(), seendate: z.string().optional() }))
    .optional(),
})

/** `20251001T123000Z`, when GDELT saw it: no time of publication. */
function seenAt(text: string | undefined): Instant | null {
  const found = /^(\d{4})(\d\d)(\d\d)T?(\d\d)(\d\d)(\d\d)Z?$/.exec(text ?? '')
  if (!found) return null
  const [, year, month, day, hour, minute, second] = found
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

/**
 * The articles that GDELT's DOC API names. They belong to the outlets on whose hosts they stand.
 * @throws Skip `gdelt.refused` with GDELT's own words (it answers mistakes and haste with status 200 and a sentence)
 */
export function readGdelt(bytes: Uint8Array, url: string, outlet: Outlet): Discovered {
  const text = new TextDecoder().decode(bytes).trim()
  const parsed = answer.safeParse(jsonOf(text))
  if (!parsed.success) {
    throw new Skip(`${url} gives no list of articles; it says: ${snippet(text)}`, {
      code: 'gdelt.refused',
      remedy: 'GDELT wants at most one request in 5 seconds and words of at least 3 letters: see the address.',
    })
  }
  const doubts: string[] = []
  const changed = new Map<string, Instant>()
  const raw = (parsed.data.articles ?? []).map(({ url: address, title, seendate }): RawItem => {
    const seen = seenAt(seendate)
    const whole = URL.parse(address)?.href
    if (seen !== null && whole) changed.set(whole, seen)
    // GDELT sets blanks around punctuation.
    const tidy = title?.replace(/\s+([,.;:!?%)»])/g, '$1').replace(/([(«])\s+/g, '$1')
    return { url: address, title: tidy, summary: undefined, date: undefined, guid: undefined }
  })
  return { items: toItems(raw, url, outlet, doubts), doubts, changed }
}

/** Undefined for what is no JSON; GDELT puts raw control characters into titles. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse([...text].map((sign) => (sign < ' ' ? ' ' : sign)).join(''))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
