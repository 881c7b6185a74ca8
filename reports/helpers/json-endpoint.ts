import { Fatal, RetryLater, Skip } from '../../errors.ts'

/** An HTTP endpoint on the office's own server that takes and gives JSON. */
export interface JsonEndpoint {
  /** Names it in messages: "the language model". */
  readonly what: string
  readonly url: string
  /** Sent as a bearer token; null: none. */
  readonly key: string | null
  readonly timeoutMs: number
}

/** Longer answers are no answers: a helper writes a few sentences. */
const MOST_ANSWER_BYTES = 1024 * 1024

/**
 * Posts JSON and reads JSON. Redirects are refused: texts go to the configured address and nowhere else.
 * @throws {RetryLater} `helper.unreachable`, `helper.timeout`, `helper.busy`
 * @throws {Skip} `helper.refused` (4xx), `helper.not-json`, `helper.too-long`
 * @throws {Fatal} `helper.unauthorised`: every further call would fail the same way
 */
export async function postJson(endpoint: JsonEndpoint, body: unknown): Promise<unknown> {
  const { what, url, key, timeoutMs } = endpoint
  let response: Response
  let text: string
  try {
    response = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      headers: { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
      body: JSON.stringify(body),
    })
    text = await readLimited(response, what)
  } catch (cause) {
    if (cause instanceof Skip) throw cause
    const timedOut = cause instanceof Error && cause.name === 'TimeoutError'
    throw new RetryLater(
      timedOut ? `${what} gave no answer within ${timeoutMs / 1000} s` : `${what} at ${url} cannot be reached`,
      {
        code: timedOut ? 'helper.timeout' : 'helper.unreachable',
        remedy: `Check that the service runs at ${url}; the monitor works without it.`,
        cause,
      },
    )
  }
  if (response.status === 401 || response.status === 403) {
    throw new Fatal(`${what} refuses the key (${response.status})`, {
      code: 'helper.unauthorised',
      remedy: 'Correct the key of this helper in the configuration.',
    })
  }
  if (response.status === 429 || response.status >= 500) {
    throw new RetryLater(`${what} is busy or failing (${response.status})`, {
      code: 'helper.busy',
      remedy: 'Wait; when it lasts, look at the log of that service.',
    })
  }
  if (!response.ok) {
    throw new Skip(`${what} refused the request (${response.status}): ${text.slice(0, 200)}`, {
      code: 'helper.refused',
      remedy: 'Compare the address and the model in the configuration with what the service offers.',
    })
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Skip(`${what} answered something that is not JSON: ${text.slice(0, 80)}`, {
      code: 'helper.not-json',
      remedy: 'Check that the address is that of the API and not of a web page.',
      cause,
    })
  }
}

async function readLimited(response: Response, what: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > MOST_ANSWER_BYTES) {
      throw new Skip(`${what} answered more than ${MOST_ANSWER_BYTES} bytes`, {
        code: 'helper.too-long',
        remedy: 'Limit the length of answers in that service.',
      })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
