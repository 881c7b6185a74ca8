import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../config.ts'
import { Fatal } from '../errors.ts'

const problemsOf = (env: Record<string, string>): string => {
  try {
    parseConfig(env)
  } catch (error) {
    if (error instanceof Fatal) return error.message
    throw error
  }
  return ''
}

describe('configuration', () => {
  it('is safe without any setting: loopback only, sandboxed browser, nothing leaves', () => {
    const config = parseConfig({ PATH: '/bin' })
    expect(config.host).toBe('127.0.0.1')
    expect(config.chromium.sandbox).toBe(true)
    expect(config.smtp).toBeNull()
    expect(config.webhook).toBeNull()
    expect(config.testHosts).toEqual([])
    expect(config.publicUrl).toBe('http://127.0.0.1:8080')
  })

  it('is documented, every variable of it', async () => {
    const at = (...path: string[]): Promise<string> => readFile(join(import.meta.dirname, '..', ...path), 'utf8')
    const names = new Set((await at('config.ts')).match(/MONITOR_[A-Z_]+/g))
    const documented = new Set((await at('docs', 'configuration.md')).match(/MONITOR_[A-Z_]+/g))
    expect([...names].filter((name) => !documented.has(name))).toEqual([])
  })

  it('reports every problem at once, each by the name of its variable', () => {
    const message = problemsOf({ MONITOR_PORT: '99999', MONITOR_CONTACT: 'nobody', MONITOR_TYPO: '1' })
    expect(message).toContain('3 problem(s)')
    for (const name of ['MONITOR_PORT', 'MONITOR_CONTACT', 'MONITOR_TYPO']) expect(message).toContain(name)
  })

  it('asks for the three parts of e-mail together', () => {
    expect(problemsOf({ MONITOR_SMTP_URL: 'smtp://127.0.0.1:25' })).toContain('belong together')
    const config = parseConfig({
      MONITOR_SMTP_URL: 'smtp://127.0.0.1:25',
      MONITOR_SMTP_FROM: 'monitor@laocai.example',
      MONITOR_ALERT_TO: 'a@laocai.example, b@laocai.example',
    })
    expect(config.smtp?.to).toEqual(['a@laocai.example', 'b@laocai.example'])
  })

  it('asks for what a helper needs, and has none by itself', () => {
    expect(problemsOf({ MONITOR_LLM_MODEL: 'qwen' })).toContain('belong together')
    expect(problemsOf({ MONITOR_TRANSLATOR: 'libretranslate' })).toContain('MONITOR_LIBRETRANSLATE_URL')
    const config = parseConfig({
      MONITOR_TRANSLATOR: 'llm',
      MONITOR_LLM_URL: 'http://127.0.0.1:11434/v1',
      MONITOR_LLM_MODEL: 'qwen',
    })
    expect(config.translator).toEqual({ kind: 'llm' })
    expect(config.languageModel).toMatchObject({ model: 'qwen', key: null, timeoutMs: 60_000 })
    expect(parseConfig({})).toMatchObject({ languageModel: null, translator: null })
  })

  it('takes no pictures unless told to, and none without the browser', () => {
    expect(parseConfig({}).takeEvidence).toBe(false)
    expect(parseConfig({ MONITOR_EVIDENCE: 'true' }).takeEvidence).toBe(true)
    expect(problemsOf({ MONITOR_EVIDENCE: 'true', MONITOR_BROWSER: 'false' })).toContain('MONITOR_BROWSER=true')
  })

  it('takes an empty variable as not set', () => {
    expect(parseConfig({ MONITOR_WEBHOOK_URL: '' }).webhook).toBeNull()
  })
})
