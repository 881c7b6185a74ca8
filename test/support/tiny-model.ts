import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Graph, onnx } from './onnx.ts'

/**
 * Models of a few words as transformers.js reads them: tokenizer, configuration and ONNX graphs. Real files for the real
 * loader, small enough to read.
 */

type Monitor = Readonly<Record<string, unknown>>
const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'] as const
const INPUTS = ['input_ids', 'attention_mask', 'token_type_ids'] as const

const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } })
const sequence = (id: 'A' | 'B') => ({ Sequence: { id, type_id: 0 } })

async function writeFolder(
  folder: string,
  files: {
    readonly monitor: Monitor
    readonly config: object
    readonly tokenizerConfig?: object
    readonly vocabulary: readonly string[]
    readonly specials: readonly string[]
    readonly processor: { readonly single: readonly object[]; readonly pair: readonly object[] }
    readonly graphs: Readonly<Record<string, Graph>>
  },
): Promise<void> {
  const { monitor, config, tokenizerConfig = {}, vocabulary, specials, processor, graphs } = files
  const ids = new Map(vocabulary.map((word, id) => [word, id]))
  await mkdir(join(folder, 'onnx'), { recursive: true })
  const json = (name: string, value: unknown): Promise<void> => writeFile(join(folder, name), JSON.stringify(value))
  await json('monitor.json', monitor)
  await json('config.json', config)
  await json('tokenizer_config.json', {
    tokenizer_class: 'BertTokenizer',
    model_max_length: 512,
    pad_token: '[PAD]',
    unk_token: '[UNK]',
    cls_token: '[CLS]',
    sep_token: '[SEP]',
    ...tokenizerConfig,
  })
  await json('tokenizer.json', {
    version: '1.0',
    added_tokens: specials.map((content) => ({
      ...{ id: ids.get(content), content, special: true },
      ...{ single_word: false, lstrip: false, rstrip: false, normalized: false },
    })),
    normalizer: null,
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      ...processor,
      special_tokens: Object.fromEntries(
        specials.map((token) => [token, { id: token, ids: [ids.get(token)], tokens: [token] }]),
      ),
    },
    decoder: null,
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(ids),
    },
  })
  for (const [name, graph] of Object.entries(graphs)) await writeFile(join(folder, 'onnx', name), onnx(graph))
}

const bertProcessor = {
  single: [special('[CLS]'), sequence('A'), special('[SEP]')],
  pair: [special('[CLS]'), sequence('A'), special('[SEP]'), sequence('B'), special('[SEP]')],
}

/** @param words word → label: each occurrence adds 4 to the label's logit, which starts at −3 */
export async function writeTinyClassifier(
  folder: string,
  words: Readonly<Record<string, string>>,
  monitor: Monitor,
): Promise<void> {
  const labels = [...new Set(Object.values(words))]
  const vocabulary = [...SPECIAL, ...Object.keys(words)]
  const rows = vocabulary.map((word) => labels.map((label) => (words[word] === label ? 4 : word === '[CLS]' ? -3 : 0)))
  await writeFolder(folder, {
    ...{ monitor, vocabulary, specials: SPECIAL, processor: bertProcessor },
    config: {
      model_type: 'bert',
      architectures: ['BertForSequenceClassification'],
      problem_type: 'multi_label_classification',
      id2label: Object.fromEntries(labels.map((label, i) => [i, label])),
      label2id: Object.fromEntries(labels.map((label, i) => [label, i])),
    },
    graphs: {
      'model.onnx': {
        tables: [{ name: 'table', rows }],
        nodes: [
          { op: 'Gather', inputs: ['table', 'input_ids'], output: 'each' },
          { op: 'ReduceSum', inputs: ['each'], output: 'logits', axis: 1 },
        ],
        integers: INPUTS,
        output: { name: 'logits', shape: ['batch', labels.length] },
      },
    },
  })
}

/** Words by what they are about: one dimension each; other words say nothing. */
const dimensionsOf = (about: Readonly<Record<string, readonly string[]>>) => {
  const subjects = Object.keys(about)
  const vocabulary = [...SPECIAL, ...Object.values(about).flat()]
  const rows = vocabulary.map((word) => subjects.map((subject) => (about[subject]?.includes(word) ? 1 : 0)))
  return { subjects, vocabulary, rows }
}

/**
 * A judge of entailment: words of one subject on both sides count more than apart (their sum is squared), so that a text
 * entails the hypotheses that speak of its subject.
 */
export async function writeTinyEntailment(
  folder: string,
  about: Readonly<Record<string, readonly string[]>>,
  monitor: Monitor,
): Promise<void> {
  const { subjects, vocabulary, rows } = dimensionsOf(about)
  await writeFolder(folder, {
    ...{ monitor, vocabulary, specials: SPECIAL, processor: bertProcessor },
    config: {
      model_type: 'bert',
      architectures: ['BertForSequenceClassification'],
      id2label: { 0: 'contradiction', 1: 'neutral', 2: 'entailment' },
      label2id: { contradiction: 0, neutral: 1, entailment: 2 },
    },
    graphs: {
      'model.onnx': {
        tables: [
          { name: 'table', rows },
          { name: 'weights', rows: subjects.map(() => [-1, 0, 1]) },
          { name: 'bias', rows: [[3, 0, -3]] },
        ],
        nodes: [
          { op: 'Gather', inputs: ['table', 'input_ids'], output: 'each' },
          { op: 'ReduceSum', inputs: ['each'], output: 'sum', axis: 1 },
          { op: 'Mul', inputs: ['sum', 'sum'], output: 'square' },
          { op: 'MatMul', inputs: ['square', 'weights'], output: 'weighed' },
          { op: 'Add', inputs: ['weighed', 'bias'], output: 'logits' },
        ],
        integers: INPUTS,
        output: { name: 'logits', shape: ['batch', 3] },
      },
    },
  })
}

/** An embedding in which each subject is a direction. */
export async function writeTinyEmbedding(
  folder: string,
  about: Readonly<Record<string, readonly string[]>>,
  monitor: Monitor,
): Promise<void> {
  const { subjects, vocabulary, rows } = dimensionsOf(about)
  await writeFolder(folder, {
    ...{ monitor, vocabulary, specials: SPECIAL, processor: bertProcessor },
    config: { model_type: 'bert', architectures: ['BertModel'] },
    graphs: {
      'model.onnx': {
        tables: [{ name: 'table', rows }],
        nodes: [{ op: 'Gather', inputs: ['table', 'input_ids'], output: 'last_hidden_state' }],
        integers: INPUTS,
        output: { name: 'last_hidden_state', shape: ['batch', 'words', subjects.length] },
      },
    },
  })
}

/**
 * A translator of the NLLB kind (encoder, decoder, language codes as first tokens) that knows the first words of its
 * sentences and says the rest by heart.
 * @param sentences source word → the words that it becomes
 */
export async function writeTinyTranslator(
  folder: string,
  sentences: Readonly<Record<string, readonly string[]>>,
  monitor: Monitor,
): Promise<void> {
  const specials = ['<s>', '<pad>', '</s>', '[UNK]', 'eng_Latn', 'vie_Latn']
  const told = Object.values(sentences)
  const vocabulary = [...specials, ...Object.keys(sentences), ...new Set(told.flat())]
  const row = (favoured: readonly string[], weight: number): number[] =>
    vocabulary.map((word) => (favoured.includes(word) ? weight : 0))
  // What was read speaks for the first word of its sentence; what was just said for the word after it.
  const read = vocabulary.map((word) => row(sentences[word]?.slice(0, 1) ?? [], 5))
  const after = vocabulary.map((word) => {
    const next = told.flatMap((sentence) =>
      sentence.flatMap((one, at) => (one === word ? [sentence[at + 1] ?? '</s>'] : [])),
    )
    return row(next, 20)
  })
  const width = vocabulary.length
  const id = (word: string): number => vocabulary.indexOf(word)
  await writeFolder(folder, {
    ...{ monitor, vocabulary, specials },
    processor: { single: [special('eng_Latn'), sequence('A'), special('</s>')], pair: [] },
    tokenizerConfig: {
      tokenizer_class: 'NllbTokenizer',
      ...{ bos_token: '<s>', eos_token: '</s>', pad_token: '<pad>', cls_token: '<s>', sep_token: '</s>' },
      additional_special_tokens: ['eng_Latn', 'vie_Latn'],
    },
    config: {
      model_type: 'm2m_100',
      architectures: ['M2M100ForConditionalGeneration'],
      is_encoder_decoder: true,
      ...{ vocab_size: width, d_model: width, encoder_layers: 1, decoder_layers: 1 },
      ...{ encoder_attention_heads: 1, decoder_attention_heads: 1, max_length: 20 },
      ...{ bos_token_id: id('<s>'), pad_token_id: id('<pad>'), eos_token_id: id('</s>') },
      decoder_start_token_id: id('</s>'),
    },
    graphs: {
      'encoder_model.onnx': {
        tables: [{ name: 'table', rows: read }],
        nodes: [{ op: 'Gather', inputs: ['table', 'input_ids'], output: 'last_hidden_state' }],
        integers: ['input_ids', 'attention_mask'],
        output: { name: 'last_hidden_state', shape: ['batch', 'words', width] },
      },
      'decoder_model_merged.onnx': {
        tables: [{ name: 'table', rows: after }],
        nodes: [
          { op: 'Gather', inputs: ['table', 'input_ids'], output: 'next' },
          { op: 'ReduceSum', inputs: ['encoder_hidden_states'], output: 'source', axis: 1, keep: true },
          { op: 'Add', inputs: ['next', 'source'], output: 'logits' },
        ],
        integers: ['input_ids'],
        numbers: [{ name: 'encoder_hidden_states', width }],
        output: { name: 'logits', shape: ['batch', 'words', width] },
      },
    },
  })
}
