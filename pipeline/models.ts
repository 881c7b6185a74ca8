import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { env, pipeline, type TranslationPipeline } from '@xenova/transformers'
import { z } from 'zod'
import { Fatal, Skip } from '../errors.ts'
import type { Evidence } from '../model.ts'
import type { Topic } from '../profiles/schema.ts'
import type { ArticleModel, ModelJudgement, View } from './article-model.ts'
import { linearModel, withTopics } from './linear-model.ts'
import { inSource, round } from './reading.ts'
import { topicModel } from './topic-model.ts'
import { decodeTopics, decodeVectors, decodeWeights } from './weights-format.ts'

/**
 * The one file that reads models from disk, and the one that knows transformers.js. Nothing is ever fetched: a model is a
 * local folder, or it is not there.
 */

/** Folder of the shipped weights. */
export const shippedFolder = new URL('./weights/', import.meta.url)

const digestOf = (...parts: readonly Uint8Array[]): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return `sha256:${hash.digest('hex')}`
}

/** The learned model for Vietnamese that ships with the program. @throws Fatal `model.unreadable` */
export async function loadShippedModel(folder: URL = shippedFolder): Promise<ArticleModel> {
  const read = async (name: string): Promise<Uint8Array> => {
    try {
      return await readFile(new URL(name, folder))
    } catch (cause) {
      throw new Fatal(`The learned model is missing: ${name}`, {
        code: 'model.unreadable',
        remedy: 'Restore pipeline/weights/ from the release, or make it with `npm run train`.',
        cause,
      })
    }
  }
  const files = [
    await read('assess-vi.bin'),
    await read('topics-vi.bin'),
    await read('vectors-vi.bin'),
    await read('words-vi.bin'),
  ] as const
  const [rest, topics] = files
  const [vectors, words] = [decodeVectors(files[2]), decodeVectors(files[3])]
  const digest = digestOf(...files)
  return withTopics(
    topicModel(decodeTopics(topics, vectors, words), digest),
    linearModel(decodeWeights(rest, vectors, words), digest),
    digest,
  )
}

/** `monitor.json` in the model's folder: how the monitor is to use it. */
const configSchema = z.strictObject({
  task: z.enum(['text-classification', 'zero-shot-classification', 'feature-extraction']),
  /** Languages it is asked for; absent: all. */
  languages: z
    .array(z.string().regex(/^[a-z]{2}$/))
    .min(1)
    .optional(),
  /** Score from which a topic is assigned: a probability, or for `feature-extraction` a cosine. */
  threshold: z.number().min(-1).max(1),
  /** So much of title and text is read, in characters. */
  readLength: z.int().positive().default(2000),
  /** Zero-shot: the sentence around a definition, `{}` in its place; absent: the library's English one. */
  hypothesis: z.string().includes('{}').optional(),
  quantized: z.boolean().default(true),
})
type ModelConfig = z.infer<typeof configSchema>

const configRemedy =
  'docs/models.md says what a model folder holds; remove the folder from the configuration to go on without it.'

async function readConfig(folder: string): Promise<{ config: ModelConfig; bytes: Uint8Array }> {
  const file = join(folder, 'monitor.json')
  try {
    const bytes = await readFile(file)
    return { config: configSchema.parse(JSON.parse(bytes.toString('utf8'))), bytes }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Fatal(`${file} is not a model's configuration: ${why}`, {
      code: 'model.config',
      remedy: configRemedy,
      cause,
    })
  }
}

/** One call of the transformers.js pipeline: the score of each topic. */
type Classify = (text: string) => Promise<Map<string, number>>

/**
 * A transformers.js model from a local folder (`config.json`, `tokenizer.json`, `onnx/model_quantized.onnx` or
 * `onnx/model.onnx`, and `monitor.json`). It judges topics; the rest stays with what stands before it.
 *
 * @param topics the profile's, whose ids are the labels of a classifier and whose definitions a zero-shot or embedding
 *   model reads
 * @throws Fatal `model.config`, `model.unreadable`
 */
export async function loadLocalModel(folder: string, topics: readonly Topic[]): Promise<ArticleModel> {
  const { config, bytes } = await readConfig(folder)
  const classify = await open(resolve(folder), config, topics)
  return {
    digest: digestOf(bytes, await readFile(join(folder, 'config.json'))),
    languages: config.languages ?? null,
    judge: async (view) => judgement(view, config, await classify(textOf(view, config.readLength))),
  }
}

const textOf = ({ article }: View, length: number): string =>
  `${article.title}\n${article.lead ?? ''}\n${article.text}`.slice(0, length)

async function open(folder: string, config: ModelConfig, topics: readonly Topic[]): Promise<Classify> {
  localOnly(folder)
  try {
    return await classifier(basename(folder), config, topics)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Fatal(`The model in ${folder} cannot be loaded: ${why}`, {
      code: 'model.unreadable',
      remedy: configRemedy,
      cause,
    })
  }
}

async function classifier(name: string, config: ModelConfig, topics: readonly Topic[]): Promise<Classify> {
  const options = { quantized: config.quantized, local_files_only: true }
  if (config.task === 'text-classification') {
    const run = await pipeline('text-classification', name, options)
    return async (text) => {
      const output = await run(text, { topk: topics.length })
      return new Map([output].flat(2).map(({ label, score }) => [label, score]))
    }
  }
  if (config.task === 'zero-shot-classification') {
    const run = await pipeline('zero-shot-classification', name, options)
    const byDefinition = new Map(topics.map((topic) => [topic.definition, topic.id]))
    const asked = config.hypothesis === undefined ? {} : { hypothesis_template: config.hypothesis }
    return async (text) => {
      const { labels, scores } = [
        await run(text, [...byDefinition.keys()], { multi_label: true, ...asked }),
      ].flat()[0] ?? {
        labels: [],
        scores: [],
      }
      return new Map(labels.map((label, i) => [byDefinition.get(label) ?? label, scores[i] ?? 0]))
    }
  }
  const run = await pipeline('feature-extraction', name, options)
  const embed = async (text: string): Promise<number[]> =>
    Array.from((await run(text, { pooling: 'mean', normalize: true })).data, Number)
  const definitions = await Promise.all(
    topics.map(async (topic) => ({ id: topic.id, vector: await embed(`${topic.label.vi}. ${topic.definition}`) })),
  )
  return async (text) => {
    const vector = await embed(text)
    return new Map(
      definitions.map(({ id, vector: other }) => [id, other.reduce((sum, v, d) => sum + v * (vector[d] ?? 0), 0)]),
    )
  }
}

/** Scores brought to where 0.5 decides; a whole-text model can only show the text that it read. */
function judgement(view: View, config: ModelConfig, scores: ReadonlyMap<string, number>): ModelJudgement {
  const { threshold } = config
  const scaled = (score: number): number =>
    score >= threshold
      ? 0.5 + (0.5 * (score - threshold)) / (1 - threshold || 1)
      : (0.5 * (score + 1)) / (threshold + 1)
  const topics = new Map([...scores].map(([id, score]) => [id, scaled(score)]))
  return {
    main: null,
    topics,
    tone: null,
    sensitive: null,
    evidence: (about) => {
      const id = about.startsWith('topic:') ? about.slice('topic:'.length) : ''
      const field = view.fields[0]
      const score = scores.get(id)
      if (score === undefined || !field || field.source === '') return []
      const whole: Evidence = {
        for: about,
        field: field.field,
        ...inSource(field, 0, field.scan.folded.text.length),
        weight: round(score),
        rule: 'model: whole text',
      }
      return [whole]
    },
  }
}

/**
 * A transformers.js translation model from a local folder that translates into Vietnamese (an NLLB or M2M100 model whose
 * `monitor.json` maps our language codes to the model's, e.g. `{"languages": {"en": "eng_Latn", "vi": "vie_Latn"}}`).
 * Loaded at the first translation. One text at a time: the office's server has no memory to spare.
 *
 * @throws Fatal `model.config`, `model.unreadable` from `translate`; Skip `translate.language` for one it does not know
 */
export function localTranslator(folder: string): {
  readonly name: string
  readonly translate: (texts: readonly string[], from: string) => Promise<readonly string[]>
} {
  const name = basename(resolve(folder))
  let loading: Promise<{ run: TranslationPipeline; codes: Readonly<Record<string, string>> }> | null = null
  return {
    name,
    translate: async (texts, from) => {
      // A folder that was mended meanwhile is read again.
      loading ??= openTranslation(resolve(folder)).catch((error: unknown) => {
        loading = null
        throw error
      })
      const { run, codes } = await loading
      const [source, target] = [codes[from], codes.vi]
      if (source === undefined || target === undefined) {
        throw new Skip(`the translation model "${name}" does not know the language "${from}"`, {
          code: 'translate.language',
          remedy: `Add the language to "languages" in ${join(folder, 'monitor.json')}, or use another model.`,
        })
      }
      const translated: string[] = []
      for (const text of texts) {
        if (text.trim() === '') {
          translated.push('')
          continue
        }
        const [first] = [await run(text, { src_lang: source, tgt_lang: target } as object)].flat(2)
        translated.push(String((first as { translation_text?: string }).translation_text ?? '').normalize('NFC'))
      }
      return translated
    },
  }
}

const translationSchema = z.object({
  languages: z.record(z.string(), z.string()),
  quantized: z.boolean().default(true),
})

async function openTranslation(folder: string) {
  localOnly(folder)
  try {
    const { languages, quantized } = translationSchema.parse(
      JSON.parse(await readFile(join(folder, 'monitor.json'), 'utf8')),
    )
    const run = await pipeline('translation', basename(folder), { quantized, local_files_only: true })
    return { run, codes: languages }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Fatal(`The translation model in ${folder} cannot be loaded: ${why}`, {
      code: 'model.unreadable',
      remedy:
        'The folder needs monitor.json with "languages", config.json, tokenizer.json and onnx/; see docs/models.md.',
      cause,
    })
  }
}

function localOnly(folder: string): void {
  env.allowRemoteModels = false
  env.allowLocalModels = true
  env.useBrowserCache = false
  env.localModelPath = dirname(folder)
}
