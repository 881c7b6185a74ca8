import { z } from 'zod'
import type { Clock } from '../../clock.ts'
import { RetryLater, Skip } from '../../errors.ts'
import { dayOf } from '../../locales/format.ts'
import { type JsonEndpoint, postJson } from './json-endpoint.ts'

export interface ChatOptions {
  /** Base of an OpenAI-compatible API (Ollama, vLLM, LM Studio): `http://127.0.0.1:11434/v1`. */
  readonly baseUrl: string
  readonly model: string
  readonly key: string | null
  readonly timeoutMs: number
  /** Tokens (of prompts and answers, as the service counts them) that may be used in a day of the province. */
  readonly dailyTokens: number
  readonly clock: Clock
}

/** One question, one answer; no memory between calls. */
export interface Chat {
  readonly model: string
  /**
   * @param system what is to be done; @param user the material, never instructions
   * @throws {RetryLater} `helper.budget` when the day's tokens are used, and what {@link postJson} throws
   * @throws {Skip} `helper.no-answer`
   */
  readonly ask: (system: string, user: string) => Promise<string>
}

const answerSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
  usage: z.object({ total_tokens: z.number().int().nonnegative() }).optional(),
})

/** Where a service does not count: about three characters of Vietnamese to a token, rounded to the safe side. */
const tokensOf = (text: string): number => Math.ceil(text.length / 2)

export function createChat(options: ChatOptions): Chat {
  const { baseUrl, model, key, timeoutMs, dailyTokens, clock } = options
  const url = `${baseUrl.replace(/\/+$/, '')}/chat/completions`
  const endpoint: JsonEndpoint = { what: `the language model "${model}"`, url, key, timeoutMs }
  let used = { day: '', tokens: 0 }

  return {
    model,
    ask: async (system, user) => {
      const day = dayOf(clock.now().toISOString())
      if (used.day !== day) used = { day, tokens: 0 }
      if (used.tokens + tokensOf(system + user) > dailyTokens) {
        throw new RetryLater(`the language model has used its ${dailyTokens} tokens of ${day}`, {
          code: 'helper.budget',
          remedy: 'Wait for tomorrow, or raise MONITOR_LLM_DAILY_TOKENS.',
        })
      }
      const messages = [
        { role: 'system', content: system },
        { role: 'user', content: user },
      ]
      const answer = answerSchema.safeParse(
        await postJson(endpoint, {
          model,
          messages,
          temperature: 0,
          stream: false,
          response_format: { type: 'json_object' },
        }),
      )
      if (!answer.success) {
        used.tokens += tokensOf(system + user)
        throw new Skip(`the language model "${model}" gave no answer in the form of the API`, {
          code: 'helper.no-answer',
          remedy: 'Check that MONITOR_LLM_URL is an OpenAI-compatible API.',
          cause: answer.error,
        })
      }
      const content = answer.data.choices[0]?.message.content ?? ''
      used.tokens += answer.data.usage?.total_tokens ?? tokensOf(system + user + content)
      return content
    },
  }
}
