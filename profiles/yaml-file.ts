import { readFile } from 'node:fs/promises'
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'

/** One thing wrong in a file that a person edits. */
export interface Mistake {
  readonly file: string
  /** 1-based. */
  readonly line: number
  /** 1-based, in UTF-16 code units. */
  readonly column: number
  readonly problem: string
  readonly remedy: string
}

type Path = readonly PropertyKey[]

/** Where a value stands in its file, to point at it when something else does not fit with it. */
export interface Located<T> {
  /** null when the file does not even have the right form; then its mistakes are already recorded. */
  readonly value: T | null
  /** Records a mistake at the value that `path` leads to, or at the nearest one above it. */
  readonly mistake: (path: Path, problem: string, remedy: string) => void
}

/** Reads a YAML file and checks it as {@link checkYaml} does. */
export const readYaml = async <T extends z.ZodType>(
  file: string,
  schema: T,
  mistakes: Mistake[],
): Promise<Located<z.infer<T>>> => checkYaml(file, await readText(file), schema, mistakes)

/**
 * Brings the text of a YAML file to NFC and checks it; whatever is wrong goes to `mistakes`, never to an exception.
 * @param text null: the file does not exist
 */
export function checkYaml<T extends z.ZodType>(
  file: string,
  text: string | null,
  schema: T,
  mistakes: Mistake[],
): Located<z.infer<T>> {
  const lines = new LineCounter()
  const record = (offset: number, problem: string, remedy: string): void => {
    const { line, col } = lines.linePos(offset)
    mistakes.push({ file, line: Math.max(1, line), column: Math.max(1, col), problem, remedy })
  }

  if (text === null) {
    record(0, 'the file does not exist', 'create it; docs/profile.md says what stands in it')
    return { value: null, mistake: (_path, problem, remedy) => record(0, problem, remedy) }
  }

  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  for (const error of document.errors)
    record(
      error.pos[0],
      `this is not YAML: ${error.message}`,
      'check indentation, quotes and brackets here and on the line above',
    )
  const mistake = (path: Path, problem: string, remedy: string) => record(offsetOf(document, path), problem, remedy)
  if (document.errors.length > 0) return { value: null, mistake }

  const result = schema.safeParse(toNfc(document.toJS()))
  if (result.success) return { value: result.data, mistake }
  for (const issue of result.error.issues) recordIssue(issue, document, record)
  return { value: null, mistake }
}

export async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Keys and text in Unicode NFC: typed on a Mac, `Lào Cai` may come decomposed. */
function toNfc(value: unknown): unknown {
  if (typeof value === 'string') return value.normalize('NFC')
  if (Array.isArray(value)) return value.map(toNfc)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.normalize('NFC'), toNfc(inner)]))
}

function recordIssue(
  issue: z.core.$ZodIssue,
  document: Document,
  record: (offset: number, problem: string, remedy: string) => void,
): void {
  switch (issue.code) {
    case 'unrecognized_keys':
      for (const key of issue.keys)
        record(
          keyOffset(document, issue.path, key),
          `the key "${key}" is not known here`,
          'correct its spelling or remove it; docs/profile.md lists the keys',
        )
      return
    case 'invalid_type': {
      const missing = document.getIn([...issue.path], true) === undefined
      const name = String(issue.path.at(-1) ?? 'the file')
      if (missing)
        record(offsetOf(document, issue.path), `"${name}" is missing`, `add "${name}:" here (${issue.expected})`)
      else record(offsetOf(document, issue.path), `"${name}" must be ${issue.expected}`, `write ${issue.expected} here`)
      return
    }
    case 'invalid_value':
      record(
        offsetOf(document, issue.path),
        `"${String(issue.path.at(-1))}" has a value that is not allowed`,
        `use one of: ${issue.values.map(String).join(', ')}`,
      )
      return
    case 'invalid_key':
      record(
        keyOffset(document, issue.path.slice(0, -1), String(issue.path.at(-1))),
        `the key "${String(issue.path.at(-1))}" has a wrong form`,
        issue.issues.map(({ message }) => message).join('; '),
      )
      return
    default:
      record(offsetOf(document, issue.path), `"${issue.path.map(String).join('.')}" does not fit`, issue.message)
  }
}

/** Offset of the node that `path` leads to, or of the nearest one above that exists. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

function keyOffset(document: Document, path: Path, key: string): number {
  const node = document.getIn([...path], true)
  if (isMap(node))
    for (const pair of node.items)
      if (isScalar(pair.key) && String(pair.key.value) === key && pair.key.range) return pair.key.range[0]
  return offsetOf(document, path)
}
