import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { z } from 'zod'
import { describeError } from '../errors.ts'

/** Where a filter reads and writes: results on `output` alone, complaints on `complaints`. */
export interface Streams {
  readonly input: Readable
  readonly output: Writable
  readonly complaints: Writable
}

/**
 * Runs `work` over JSON lines, one at a time and in order, so that a file of any length needs the memory of one line.
 * A line that cannot be read or worked on is named on `complaints` with its number and what to do; the others go on.
 * @returns the number of lines that failed.
 */
export async function filterLines<Input>(
  streams: Streams,
  schema: z.ZodType<Input>,
  work: (input: Input) => unknown | Promise<unknown>,
): Promise<number> {
  let number = 0
  let failed = 0
  for await (const line of createInterface({ input: streams.input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    if (line.trim() === '') continue
    try {
      const result = await work(parseLine(line, schema))
      if (!streams.output.write(`${JSON.stringify(result)}\n`)) await once(streams.output, 'drain')
    } catch (error) {
      failed++
      const { message, remedy } = describeError(error)
      streams.complaints.write(`line ${number}: ${message}${remedy === null ? '' : ` ${remedy}`}\n`)
    }
  }
  return failed
}

function parseLine<Input>(line: string, schema: z.ZodType<Input>): Input {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (cause) {
    throw new SyntaxError(`not JSON (${cause instanceof Error ? cause.message : String(cause)})`, { cause })
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the line'}: ${issue.message}`)
  throw new TypeError(problems.join('; '))
}
