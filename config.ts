import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { Fatal } from './errors.ts'

/** `""` in an environment file means "not set". */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional())

const list = z
  .string()
  .transform((value) => value.split(',').map((part) => part.trim()))
  .transform((parts) => parts.filter((part) => part !== ''))

const schema = z.object({
  MONITOR_PROFILE: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'the name of a folder under profiles/')
    .default('lao-cai'),
  /** Language of the command line. */
  MONITOR_LOCALE: z.enum(['vi', 'en']).default('vi'),
  MONITOR_DATA: z.string().min(1).default('data'),
  MONITOR_HOST: z.string().min(1).default('127.0.0.1'),
  MONITOR_PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  /** Stands in the User-Agent, so that an outlet can write to the office. */
  MONITOR_CONTACT: optional(z.union([z.email(), z.url({ protocol: /^https?$/ })])),
  MONITOR_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Collecting stops below this many megabytes of free disk. */
  MONITOR_MIN_FREE_MB: z.coerce.number().int().min(0).default(2048),
  /** How long is kept what grows with time. Feeds show old entries for weeks: finished addresses stay known longer. */
  MONITOR_KEEP_ACTIONS_DAYS: z.coerce.number().int().min(1).default(1095),
  MONITOR_KEEP_VISITS_DAYS: z.coerce.number().int().min(30).default(730),
  MONITOR_KEEP_FRONTIER_DAYS: z.coerce.number().int().min(60).default(180),
  MONITOR_KEEP_RUNS_DAYS: z.coerce.number().int().min(2).default(14),
  /** Absent: archived pages of relevant articles, and those that summaries, reports or alerts cite, stay for ever. */
  MONITOR_KEEP_RELEVANT_ARCHIVE_DAYS: optional(z.coerce.number().int().min(90)),
  MONITOR_KEEP_CITED_ARCHIVE_DAYS: optional(z.coerce.number().int().min(365)),
  /** Absent: every version stays; else those between the first and the last, but for the newest so many. */
  MONITOR_KEEP_VERSION_DAYS: optional(z.coerce.number().int().min(30)),
  MONITOR_KEEP_VERSIONS: z.coerce.number().int().min(0).default(10),
  /** Folder of a transformers.js model; absent: the shipped weights and the lexicon. */
  MONITOR_MODEL_DIR: optional(z.string().min(1)),
  /** Path of a Chromium; absent: looked for in the usual places. */
  MONITOR_CHROMIUM: optional(z.string().min(1)),
  /** `true` only inside a container that isolates the browser itself. */
  MONITOR_CHROMIUM_NO_SANDBOX: z.stringbool().default(false),
  /** `false`: pages whose text scripts bring are not read with the Chromium. */
  MONITOR_BROWSER: z.stringbool().default(true),
  /** `true`: pictures and prints of the pages of sensitive articles are taken as evidence. */
  MONITOR_EVIDENCE: z.stringbool().default(false),
  /** smtp://user:password@host:587 or smtps://…; absent: no e-mail leaves. */
  MONITOR_SMTP_URL: optional(z.url({ protocol: /^smtps?$/ })),
  MONITOR_SMTP_FROM: optional(z.email()),
  /** Receivers of alerts, separated by commas. */
  MONITOR_ALERT_TO: optional(list.pipe(z.array(z.email()).min(1))),
  MONITOR_WEBHOOK_URL: optional(z.url({ protocol: /^https?$/ })),
  /** Signs the webhook's body (HMAC-SHA-256). */
  MONITOR_WEBHOOK_SECRET: optional(z.string().min(16, 'at least 16 characters')),
  /** Where the administrator learns of troubles of the monitor itself: addresses separated by commas, or a webhook. */
  MONITOR_ADMIN_TO: optional(list.pipe(z.array(z.email()).min(1))),
  MONITOR_ADMIN_WEBHOOK_URL: optional(z.url({ protocol: /^https?$/ })),
  /** How the office's own address appears in links of alerts. */
  MONITOR_PUBLIC_URL: optional(z.url({ protocol: /^https?$/ })),
  /** Bearer token for /metrics from other hosts; absent: loopback only. */
  MONITOR_METRICS_TOKEN: optional(z.string().min(16, 'at least 16 characters')),
  /** An OpenAI-compatible API on the office's own server (Ollama, vLLM, LM Studio): `http://127.0.0.1:11434/v1`. */
  MONITOR_LLM_URL: optional(z.url({ protocol: /^https?$/ })),
  MONITOR_LLM_MODEL: optional(z.string().min(1)),
  MONITOR_LLM_KEY: optional(z.string().min(1)),
  MONITOR_LLM_TIMEOUT_SECONDS: z.coerce.number().int().min(1).default(60),
  MONITOR_LLM_DAILY_TOKENS: z.coerce.number().int().min(1).default(200_000),
  /** Who translates foreign articles into Vietnamese. */
  MONITOR_TRANSLATOR: z.enum(['none', 'libretranslate', 'llm', 'local']).default('none'),
  MONITOR_LIBRETRANSLATE_URL: optional(z.url({ protocol: /^https?$/ })),
  MONITOR_LIBRETRANSLATE_KEY: optional(z.string().min(1)),
  /** Folder of a transformers.js translation model. */
  MONITOR_TRANSLATION_MODEL_DIR: optional(z.string().min(1)),
  /** Hosts (`127.0.0.1`, `127.0.0.1:8123`) for which the address guard and the pauses between requests are lifted (robots.txt holds): tests and the demo only. */
  MONITOR_TEST_HOSTS: optional(list),
})

export interface Config {
  readonly profile: string
  readonly locale: 'vi' | 'en'
  readonly dataFolder: string
  readonly host: string
  readonly port: number
  readonly contact: string | null
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
  readonly minFreeBytes: number
  /** After how many days logs and finished frontier entries are dropped. */
  readonly keepDays: {
    readonly actions: number
    readonly visits: number
    readonly frontier: number
    readonly runs: number
  }
  /** Null: for ever. */
  readonly keepPages: { readonly relevantDays: number | null; readonly citedDays: number | null }
  readonly keepVersions: { readonly days: number | null; readonly newest: number }
  readonly modelFolder: string | null
  readonly chromium: { readonly path: string | null; readonly sandbox: boolean }
  readonly readWithBrowser: boolean
  readonly takeEvidence: boolean
  readonly smtp: { readonly url: string; readonly from: string; readonly to: readonly string[] } | null
  readonly webhook: { readonly url: string; readonly secret: string | null } | null
  /** How the administrator learns of troubles; both null: on the page of the system only. */
  readonly administrator: { readonly smtp: Config['smtp']; readonly webhook: Config['webhook'] }
  readonly languageModel: {
    readonly baseUrl: string
    readonly model: string
    readonly key: string | null
    readonly timeoutMs: number
    readonly dailyTokens: number
  } | null
  readonly translator:
    | { readonly kind: 'libretranslate'; readonly baseUrl: string; readonly key: string | null }
    | { readonly kind: 'llm' }
    | { readonly kind: 'local'; readonly folder: string }
    | null
  readonly publicUrl: string
  readonly metricsToken: string | null
  readonly testHosts: readonly string[]
}

/**
 * Reads the configuration from environment variables, once, and reports every problem together.
 * @throws {Fatal} `config.invalid`, naming each variable, what is wrong with it and what to do.
 */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = schema.safeParse(env)
  const problems: string[] = []
  const unknown = Object.keys(env).filter((name) => name.startsWith('MONITOR_') && !(name in schema.shape))
  for (const name of unknown) problems.push(`${name}: no such setting; see docs/configuration.md`)
  if (!parsed.success) {
    for (const issue of parsed.error.issues) problems.push(`${issue.path.join('.')}: ${issue.message}`)
    throw invalid(problems)
  }
  const values = parsed.data
  const receivers = values.MONITOR_ALERT_TO ?? values.MONITOR_ADMIN_TO
  const smtpParts = [values.MONITOR_SMTP_URL, values.MONITOR_SMTP_FROM, receivers]
  if (smtpParts.some((part) => part !== undefined) && smtpParts.some((part) => part === undefined)) {
    problems.push(
      'MONITOR_SMTP_URL, MONITOR_SMTP_FROM and MONITOR_ALERT_TO belong together: set all three or none (MONITOR_ADMIN_TO may stand for the last)',
    )
  }
  const webhooks = [values.MONITOR_WEBHOOK_URL, values.MONITOR_ADMIN_WEBHOOK_URL]
  if (values.MONITOR_WEBHOOK_SECRET !== undefined && webhooks.every((url) => url === undefined)) {
    problems.push('MONITOR_WEBHOOK_SECRET is set without MONITOR_WEBHOOK_URL')
  }
  if ((values.MONITOR_LLM_URL === undefined) !== (values.MONITOR_LLM_MODEL === undefined)) {
    problems.push('MONITOR_LLM_URL and MONITOR_LLM_MODEL belong together: set both or none')
  }
  if (values.MONITOR_EVIDENCE && !values.MONITOR_BROWSER) {
    problems.push('MONITOR_EVIDENCE needs the browser: MONITOR_BROWSER=true')
  }
  const { MONITOR_KEEP_RELEVANT_ARCHIVE_DAYS: relevantDays, MONITOR_KEEP_CITED_ARCHIVE_DAYS: citedDays } = values
  if (citedDays !== undefined && (relevantDays === undefined || citedDays < relevantDays)) {
    problems.push('MONITOR_KEEP_CITED_ARCHIVE_DAYS needs a MONITOR_KEEP_RELEVANT_ARCHIVE_DAYS that is not longer')
  }
  const needed = {
    none: null,
    libretranslate: 'MONITOR_LIBRETRANSLATE_URL',
    llm: 'MONITOR_LLM_URL',
    local: 'MONITOR_TRANSLATION_MODEL_DIR',
  } as const
  const missing = needed[values.MONITOR_TRANSLATOR]
  if (missing !== null && values[missing] === undefined) {
    problems.push(`MONITOR_TRANSLATOR=${values.MONITOR_TRANSLATOR} needs ${missing}`)
  }
  if (problems.length > 0) throw invalid(problems)
  return {
    profile: values.MONITOR_PROFILE,
    locale: values.MONITOR_LOCALE,
    dataFolder: values.MONITOR_DATA.startsWith('~/')
      ? join(homedir(), values.MONITOR_DATA.slice(2))
      : values.MONITOR_DATA,
    host: values.MONITOR_HOST,
    port: values.MONITOR_PORT,
    contact: values.MONITOR_CONTACT ?? null,
    logLevel: values.MONITOR_LOG_LEVEL,
    minFreeBytes: values.MONITOR_MIN_FREE_MB * 1024 * 1024,
    keepDays: {
      actions: values.MONITOR_KEEP_ACTIONS_DAYS,
      visits: values.MONITOR_KEEP_VISITS_DAYS,
      frontier: values.MONITOR_KEEP_FRONTIER_DAYS,
      runs: values.MONITOR_KEEP_RUNS_DAYS,
    },
    keepPages: {
      relevantDays: values.MONITOR_KEEP_RELEVANT_ARCHIVE_DAYS ?? null,
      citedDays: values.MONITOR_KEEP_CITED_ARCHIVE_DAYS ?? null,
    },
    keepVersions: { days: values.MONITOR_KEEP_VERSION_DAYS ?? null, newest: values.MONITOR_KEEP_VERSIONS },
    modelFolder: values.MONITOR_MODEL_DIR ?? null,
    readWithBrowser: values.MONITOR_BROWSER,
    takeEvidence: values.MONITOR_EVIDENCE,
    chromium: { path: values.MONITOR_CHROMIUM ?? null, sandbox: !values.MONITOR_CHROMIUM_NO_SANDBOX },
    smtp:
      values.MONITOR_SMTP_URL && values.MONITOR_SMTP_FROM && values.MONITOR_ALERT_TO
        ? { url: values.MONITOR_SMTP_URL, from: values.MONITOR_SMTP_FROM, to: values.MONITOR_ALERT_TO }
        : null,
    webhook: values.MONITOR_WEBHOOK_URL
      ? { url: values.MONITOR_WEBHOOK_URL, secret: values.MONITOR_WEBHOOK_SECRET ?? null }
      : null,
    administrator: {
      smtp:
        values.MONITOR_SMTP_URL && values.MONITOR_SMTP_FROM && values.MONITOR_ADMIN_TO
          ? { url: values.MONITOR_SMTP_URL, from: values.MONITOR_SMTP_FROM, to: values.MONITOR_ADMIN_TO }
          : null,
      webhook: values.MONITOR_ADMIN_WEBHOOK_URL
        ? { url: values.MONITOR_ADMIN_WEBHOOK_URL, secret: values.MONITOR_WEBHOOK_SECRET ?? null }
        : null,
    },
    languageModel:
      values.MONITOR_LLM_URL && values.MONITOR_LLM_MODEL
        ? {
            baseUrl: values.MONITOR_LLM_URL,
            model: values.MONITOR_LLM_MODEL,
            key: values.MONITOR_LLM_KEY ?? null,
            timeoutMs: values.MONITOR_LLM_TIMEOUT_SECONDS * 1000,
            dailyTokens: values.MONITOR_LLM_DAILY_TOKENS,
          }
        : null,
    translator: translatorOf(values),
    publicUrl: values.MONITOR_PUBLIC_URL ?? `http://${values.MONITOR_HOST}:${values.MONITOR_PORT}`,
    metricsToken: values.MONITOR_METRICS_TOKEN ?? null,
    testHosts: values.MONITOR_TEST_HOSTS ?? [],
  }
}

function translatorOf(values: z.infer<typeof schema>): Config['translator'] {
  const { MONITOR_LIBRETRANSLATE_URL: baseUrl, MONITOR_TRANSLATION_MODEL_DIR: folder } = values
  if (values.MONITOR_TRANSLATOR === 'libretranslate' && baseUrl !== undefined)
    return { kind: 'libretranslate', baseUrl, key: values.MONITOR_LIBRETRANSLATE_KEY ?? null }
  if (values.MONITOR_TRANSLATOR === 'local' && folder !== undefined) return { kind: 'local', folder }
  return values.MONITOR_TRANSLATOR === 'llm' ? { kind: 'llm' } : null
}

function invalid(problems: readonly string[]): Fatal {
  return new Fatal(
    `The configuration has ${problems.length} problem(s):\n${problems.map((p) => `  - ${p}`).join('\n')}`,
    {
      code: 'config.invalid',
      remedy: 'Correct the environment variables named above (docs/configuration.md lists them all) and start again.',
    },
  )
}
