import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { Skip } from '../errors.ts'

/** Asks on the terminal without showing what is typed; a pipe gives the whole of standard input, its last line feed removed. */
async function readSecret(question: string): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/, '')
  process.stderr.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await terminal.question('')
  } finally {
    terminal.close()
    process.stderr.write('\n')
  }
}

/**
 * A new password, asked twice on a terminal.
 * @throws {Skip} `user.password-differs`
 */
export async function readNewPassword(questions: { readonly first: string; readonly again: string }): Promise<string> {
  const password = await readSecret(questions.first)
  if (process.stdin.isTTY && (await readSecret(questions.again)) !== password) {
    throw new Skip('The two passwords differ.', { code: 'user.password-differs', remedy: 'Run the command again.' })
  }
  return password
}
