import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Writes a text classifier of a few words as transformers.js reads it: tokenizer, configuration and an ONNX graph
 * (Gather of one row per word, ReduceSum over the words). Real files for the real loader, small enough to read.
 */

/** @param words word → label: each occurrence adds 4 to the label's logit, which starts at −3 */
export async function writeTinyClassifier(
  folder: string,
  words: Readonly<Record<string, string>>,
  monitor: Readonly<Record<string, unknown>>,
): Promise<void> {
  const labels = [...new Set(Object.values(words))]
  const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...Object.keys(words)]
  const rows = vocabulary.map((word) => labels.map((label) => (words[word] === label ? 4 : word === '[CLS]' ? -3 : 0)))
  await mkdir(join(folder, 'onnx'), { recursive: true })
  const json = (name: string, value: unknown): Promise<void> => writeFile(join(folder, name), JSON.stringify(value))
  await json('monitor.json', monitor)
  await json('config.json', {
    model_type: 'bert',
    architectures: ['BertForSequenceClassification'],
    problem_type: 'multi_label_classification',
    id2label: Object.fromEntries(labels.map((label, i) => [i, label])),
    label2id: Object.fromEntries(labels.map((label, i) => [label, i])),
  })
  await json('tokenizer_config.json', {
    tokenizer_class: 'BertTokenizer',
    model_max_length: 512,
    pad_token: '[PAD]',
    unk_token: '[UNK]',
    cls_token: '[CLS]',
    sep_token: '[SEP]',
  })
  await json('tokenizer.json', {
    version: '1.0',
    added_tokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]'].map((content, id) => ({
      id,
      content,
      special: true,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
    })),
    normalizer: null,
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [
        { SpecialToken: { id: '[CLS]', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '[SEP]', type_id: 0 } },
      ],
      pair: [],
      special_tokens: {
        '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
        '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
      },
    },
    decoder: null,
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary.map((word, i) => [word, i])),
    },
  })
  await writeFile(join(folder, 'onnx/model.onnx'), graph(rows, labels.length))
}

// ---------------------------------------------------------------- Protocol Buffers, as far as ONNX needs them

const varint = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)])
const number = (field: number, value: number): number[] => [...varint(field << 3), ...varint(value)]
const bytes = (field: number, value: readonly number[]): number[] => [
  ...varint((field << 3) | 2),
  ...varint(value.length),
  ...value,
]
const text = (field: number, value: string): number[] => bytes(field, [...Buffer.from(value)])

const FLOAT = 1
const INT64 = 7

function value(name: string, type: number, ...dimensions: readonly (string | number)[]): number[] {
  const shape = dimensions.flatMap((one) => bytes(1, typeof one === 'number' ? number(1, one) : text(2, one)))
  return [...text(1, name), ...bytes(2, bytes(1, [...number(1, type), ...bytes(2, shape)]))]
}

function graph(rows: readonly (readonly number[])[], labels: number): Uint8Array {
  const raw = [...Buffer.from(new Float32Array(rows.flat()).buffer)]
  const table = [
    ...number(1, rows.length),
    ...number(1, labels),
    ...number(2, FLOAT),
    ...text(8, 'table'),
    ...bytes(9, raw),
  ]
  const gather = [...text(1, 'table'), ...text(1, 'input_ids'), ...text(2, 'each'), ...text(4, 'Gather')]
  const axes = [...text(1, 'axes'), ...number(8, 1), ...number(20, 7)]
  const keep = [...text(1, 'keepdims'), ...number(3, 0), ...number(20, 2)]
  const sum = [...text(1, 'each'), ...text(2, 'logits'), ...text(4, 'ReduceSum'), ...bytes(5, axes), ...bytes(5, keep)]
  const inputs = ['input_ids', 'attention_mask', 'token_type_ids'].flatMap((name) =>
    bytes(11, value(name, INT64, 'batch', 'words')),
  )
  const body = [
    ...bytes(1, gather),
    ...bytes(1, sum),
    ...text(2, 'tiny'),
    ...bytes(5, table),
    ...inputs,
    ...bytes(12, value('logits', FLOAT, 'batch', labels)),
  ]
  return Uint8Array.from([...number(1, 7), ...bytes(7, body), ...bytes(8, [...text(1, ''), ...number(2, 11)])])
}
