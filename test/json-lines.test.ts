import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { filterLines } from '../cli/json-lines.ts'

async function run(lines: readonly string[], work: (input: { id: string }) => unknown) {
  const output = new PassThrough()
  const complaints = new PassThrough()
  const said = Promise.all([text(output), text(complaints)])
  const failed = await filterLines(
    { input: Readable.from([lines.join('\n')]), output, complaints },
    z.object({ id: z.string() }),
    work,
  )
  output.end()
  complaints.end()
  const [out, err] = await said
  return { failed, out, err }
}

describe('JSON-lines filters', () => {
  it('answers each line in order and prints nothing else', async () => {
    const { out, failed } = await run(['{"id":"a"}', '', '{"id":"b"}'], ({ id }) => ({ id, absent: null }))
    expect(out).toBe('{"id":"a","absent":null}\n{"id":"b","absent":null}\n')
    expect(failed).toBe(0)
  })

  it('names a bad line by number and goes on with the next', async () => {
    const { out, err, failed } = await run(['{"id":"a"}', '{oops', '{"id":3}', '{"id":"z"}'], ({ id }) => {
      if (id === 'z') throw new Error('cannot do z')
      return { id }
    })
    expect(out).toBe('{"id":"a"}\n')
    expect(failed).toBe(3)
    expect(err).toMatch(/line 2: not JSON/)
    expect(err).toMatch(/line 3: id: /)
    expect(err).toMatch(/line 4: cannot do z/)
  })
})
