import { z } from 'zod'
import type { StoryWindow } from './stories.ts'
import { summarise } from './summarise.ts'

/** The story steps as filters over JSON lines, without a store: `cli stories` and `cli summarise`. */

const nfc = z.string().transform((text) => text.normalize('NFC'))
const instant = z.string().transform((text, context) => {
  const time = Date.parse(text)
  if (Number.isNaN(time)) {
    context.addIssue({ code: 'custom', message: `"${text}" is no date` })
    return z.NEVER
  }
  return new Date(time).toISOString()
})

export const storyLineSchema = z.object({
  id: z.string(),
  title: nfc.nullish().transform((title) => title ?? ''),
  text: nfc.nullish().transform((text) => text ?? ''),
  outlet: z
    .string()
    .nullish()
    .transform((outlet) => outlet ?? ''),
  published: instant,
  url: z.string().nullish(),
  language: z.string().nullish(),
})

/** `{"id","title","text","outlet","published","url"?,"language"?}` → `{"id","story","copyOf"}`. */
export function storyLine(window: StoryWindow, line: z.infer<typeof storyLineSchema>) {
  const { storyId, copyOf } = window.assign({
    id: line.id,
    title: line.title,
    text: line.text,
    outlet: line.outlet,
    published: line.published,
    url: line.url ?? undefined,
    language: line.language ?? undefined,
  })
  return { id: line.id, story: storyId, copyOf }
}

/** Texts stay as given, not NFC: the offsets answer to the caller's own strings. */
export const summaryLineSchema = z.object({
  id: z.string(),
  articles: z.array(
    z.object({
      id: z.string(),
      title: z
        .string()
        .nullish()
        .transform((title) => title ?? ''),
      text: z
        .string()
        .nullish()
        .transform((text) => text ?? ''),
      outlet: z.string().nullish(),
      published: instant.nullish(),
    }),
  ),
})

/**
 * One story → `{"id","text","sentences":[{"text","cites":[{"id","from","to"}]}]}`; offsets are of `text`, and of the
 * title only where `"field":"title"` says so (nothing of the text fits).
 */
export function summaryLine(line: z.infer<typeof summaryLineSchema>, words: number) {
  const { text, sentences } = summarise(line.articles, { words })
  return {
    id: line.id,
    text,
    sentences: sentences.map((sentence) => ({
      text: sentence.text,
      cites: sentence.cites.map(({ articleId, from, to, field }) =>
        field === 'title' ? { id: articleId, from, to, field } : { id: articleId, from, to },
      ),
    })),
  }
}
