import { diffArrays } from 'diff'
import type { Language } from '../model.ts'

export type SegmentKind = 'same' | 'added' | 'removed'

export interface Segment {
  readonly kind: SegmentKind
  readonly text: string
}

/** Written without spaces between words. */
const unspaced: ReadonlySet<Language> = new Set(['zh', 'ja', 'th', 'lo', 'km', 'my'])
/** Two texts further apart than so many words are shown as one in the place of the other. */
const MOST_EDITS = 3000

const segmenters = new Map<Language, Intl.Segmenter>()
function segmenterFor(language: Language): Intl.Segmenter {
  const known = segmenters.get(language)
  if (known) return known
  const fresh = new Intl.Segmenter(language, { granularity: 'word' })
  segmenters.set(language, fresh)
  return fresh
}

/** Words, spaces and marks, which together are the text again. */
function tokens(text: string, language: Language): string[] {
  if (unspaced.has(language)) return Array.from(segmenterFor(language).segment(text), ({ segment }) => segment)
  return text.match(/[\p{L}\p{M}\p{N}]+(?:[.,:/][\p{N}]+)*|\s+|[^\p{L}\p{M}\p{N}\s]/gu) ?? []
}

/** Neighbours of one kind become one; an unchanged space between two changes joins them, so that phrases stay whole. */
function joined(segments: readonly Segment[]): Segment[] {
  const result: Segment[] = []
  let [removed, added] = ['', '']
  const flush = (): void => {
    if (removed !== '') result.push({ kind: 'removed', text: removed })
    if (added !== '') result.push({ kind: 'added', text: added })
    removed = ''
    added = ''
  }
  for (const [at, { kind, text }] of segments.entries()) {
    if (kind === 'removed') removed += text
    else if (kind === 'added') added += text
    else if (/^[^\S\n]+$/u.test(text) && removed !== '' && added !== '' && segments[at + 1] !== undefined) {
      removed += text
      added += text
    } else {
      flush()
      const last = result.at(-1)
      if (last?.kind === 'same') result[result.length - 1] = { kind, text: last.text + text }
      else result.push({ kind, text })
    }
  }
  flush()
  return result
}

/** Unchanged start and end of two lists: what an edit leaves is most of the text. */
function trimmed<T>(before: readonly T[], after: readonly T[]): { head: number; tail: number } {
  const most = Math.min(before.length, after.length)
  let head = 0
  while (head < most && before[head] === after[head]) head += 1
  let tail = 0
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1
  return { head, tail }
}

/**
 * Word-level difference of two texts (Myers 1986, by the `diff` library over words; words of scripts without spaces by
 * Unicode's segmentation). The `same` and `removed` segments together are `before`, the `same` and `added` ones `after`.
 */
export function differenceOf(before: string, after: string, language: Language): readonly Segment[] {
  const [old, fresh] = [tokens(before, language), tokens(after, language)]
  const { head, tail } = trimmed(old, fresh)
  const oldMiddle = old.slice(head, old.length - tail)
  const freshMiddle = fresh.slice(head, fresh.length - tail)
  const changes = diffArrays(oldMiddle, freshMiddle, { maxEditLength: MOST_EDITS }) ?? [
    { value: oldMiddle, removed: true, added: false },
    { value: freshMiddle, removed: false, added: true },
  ]
  const segments: Segment[] = [{ kind: 'same', text: old.slice(0, head).join('') }]
  for (const { value, added, removed } of changes) {
    const kind = added ? 'added' : removed ? 'removed' : 'same'
    segments.push({ kind, text: value.join('') })
  }
  segments.push({ kind: 'same', text: old.slice(old.length - tail).join('') })
  return joined(segments.filter(({ text }) => text !== ''))
}

/** A stretch that is shown, or one left out with its number of words. */
export type Shown = Segment | { readonly kind: 'folded'; readonly text: string; readonly words: number }

const countWords = (text: string, language: Language): number =>
  tokens(text, language).filter((token) => /[\p{L}\p{N}]/u.test(token)).length

/** Cuts after (or before) so many words, at a word's end. */
function cut(text: string, words: number, language: Language, fromEnd: boolean): string {
  const all = tokens(text, language)
  const list = fromEnd ? all.toReversed() : all
  const taken: string[] = []
  let count = 0
  for (const token of list) {
    if (/[\p{L}\p{N}]/u.test(token)) count += 1
    if (count > words) break
    taken.push(token)
  }
  return (fromEnd ? taken.toReversed() : taken).join('')
}

/** Unchanged stretches far from any change are folded: `context` words stay on each side that meets a change. */
export function folded(segments: readonly Segment[], language: Language, context = 14): readonly Shown[] {
  return segments.flatMap((segment, at): Shown[] => {
    if (segment.kind !== 'same') return [segment]
    const [isFirst, isLast] = [at === 0, at === segments.length - 1]
    const words = countWords(segment.text, language)
    if (words <= context * (isFirst || isLast ? 1 : 2) + 8) return [segment]
    const start = isFirst ? '' : cut(segment.text, context, language, false)
    const end = isLast ? '' : cut(segment.text, context, language, true)
    const middle = segment.text.slice(start.length, segment.text.length - end.length)
    const parts: Shown[] = [
      { kind: 'same', text: start },
      { kind: 'folded', text: middle, words: countWords(middle, language) },
      { kind: 'same', text: end },
    ]
    return parts.filter(({ text }) => text !== '')
  })
}
