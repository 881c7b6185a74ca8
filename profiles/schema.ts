import { z } from 'zod'

/**
 * What an analyst edits, as types and as the schema that checks it. `npm run schemas` publishes each file's schema as
 * JSON Schema under `profiles/schemas/`, so that an editor completes and checks while one types.
 */

const id = z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, 'use lower-case letters, digits, - and _')
const language = z.string().regex(/^[a-z]{2}$/, 'use a two-letter ISO 639-1 code')
const label = z.strictObject({ vi: z.string().min(1), en: z.string().min(1) })
const byLanguage = <T extends z.ZodType>(value: T) => z.record(language, value)

// ---------------------------------------------------------------- places.yaml

/** Words near a name that decide whether it means the place. Matched like terms: folded, whole words for Latin script. */
const homographRule = z.strictObject({
  /** Names of the place that the rule is about; absent: all of them. */
  names: z.array(z.string()).optional(),
  /** One of these must stand near (or the name is not the place). */
  require: z.array(z.string()).optional(),
  /** One of these near means that it is something else. */
  reject: z.array(z.string()).optional(),
  /** Words directly before the name that make it something else (`ông`, `đường`). */
  rejectBefore: z.array(z.string()).optional(),
  /** Words directly after the name that make it something else. */
  rejectAfter: z.array(z.string()).optional(),
  /** How near, in words (characters for zh, ja, ko, th, lo); absent: the whole article. */
  within: z.int().positive().optional(),
  note: z.string().optional(),
})

const place = z.strictObject({
  id,
  kind: z.enum([
    'province',
    'former-province',
    'former-district',
    'commune',
    'ward',
    'former-commune',
    'landmark',
    'border-gate',
    'infrastructure',
    'river',
    'partner',
    'other',
  ]),
  /** As shown to people, in Vietnamese. */
  name: z.string().min(1),
  /** The official code (GSO) of a commune or ward. */
  code: z.string().optional(),
  /** Filter of the reader: which former province it lay in. */
  area: z.string().optional(),
  /** Ids of today's communes that the place lies in or was divided into. */
  communes: z.array(id).optional(),
  /** Id of the former district. */
  district: id.optional(),
  /** Every spelling by language, accented where the language has accents. */
  names: byLanguage(z.array(z.string().min(1))),
  /**
   * `strong`: the name alone means the place. `weak`: it has homographs or is a common word; it counts only with a
   * strong place of the province near, or when a rule of `homographs` is met.  `context`: never makes an article relevant
   * (partner places, roads that lie mostly elsewhere), but is tagged and may support a weak one.
   */
  strength: z.enum(['strong', 'weak', 'context']),
  homographs: z.array(homographRule).optional(),
  verified: z.boolean().optional(),
  note: z.string().optional(),
})

export const placesSchema = z.strictObject({
  /** Names of other provinces, cities and countries: they draw an article elsewhere. */
  elsewhere: z.array(z.strictObject({ name: z.string(), names: z.array(z.string()) })),
  places: z.array(place).min(1),
})

// ---------------------------------------------------------------- topics.yaml, tone.yaml, sensitivity.yaml

/** A weighted term: `tín chỉ các-bon`; a `*` at the end matches any ending of the word. */
const term = z.union([
  z.string().min(1),
  z.strictObject({
    term: z.string().min(1),
    weight: z.number().optional(),
    /** Counts only when one of these stands in the same article (or `within` words). */
    with: z.array(z.string()).optional(),
    /** Does not count when one of these stands there. */
    without: z.array(z.string()).optional(),
    within: z.int().positive().optional(),
  }),
])

const topic = z.strictObject({
  id,
  label,
  definition: z.string().min(1),
  /** Departments by id. */
  owner: z.array(id),
  copyTo: z.array(id).optional(),
  /** Weight 1 each unless given. */
  terms: byLanguage(z.array(term)),
  /** Weight 0.4 each unless given: alone they never decide. */
  weakTerms: byLanguage(z.array(term)).optional(),
  /** Speaks against the topic. */
  negativeTerms: byLanguage(z.array(term)).optional(),
  /** Score from which the definitions alone assign the topic. */
  threshold: z.number().positive().optional(),
})

export const topicsSchema = z.strictObject({ topics: z.array(topic).min(1) })

export const toneSchema = z.strictObject({
  positive: byLanguage(z.array(term)),
  negative: byLanguage(z.array(term)),
})

/** An event and its gravity; never the name of a people, a religion or a person alone. */
const condition = z.strictObject({
  id,
  label,
  /** One of these must occur … */
  event: byLanguage(z.array(term)),
  /** … and one of these, when given. */
  gravity: byLanguage(z.array(term)).optional(),
  /** Topics one of which the article must carry, when given. */
  topics: z.array(id).optional(),
  /** Least relevance. */
  relevance: z.enum(['main', 'mention']),
  weight: z.number().positive().optional(),
})

export const sensitivitySchema = z.strictObject({ conditions: z.array(condition) })

// ---------------------------------------------------------------- departments.yaml, reports.yaml, alerts.yaml

/** A body that receives coverage. The monitor informs those who govern; it routes no coverage to the police. */
const receiver = z
  .string()
  .min(1)
  .refine((name) => !/công an|cảnh sát|an ninh điều tra|\bpolice\b/iu.test(name.normalize('NFC')), {
    message: 'coverage is not routed to the police: leave this receiver out',
  })

const department = z.strictObject({
  id,
  name: receiver,
  /** As the upper body stands above it in a document. */
  parent: z.string().optional(),
  /** Symbol in document numbers: `SVHTTDL`. */
  symbol: z.string().optional(),
  /** Place in the date line. */
  seat: z.string().optional(),
  /** Title of the signer. */
  signer: z.string().optional(),
  email: z.email().optional(),
})

export const departmentsSchema = z.strictObject({ departments: z.array(department).min(1) })

const report = z.strictObject({
  id,
  label,
  department: id,
  /** What it covers: `domestic` or `foreign` press. */
  origin: z.enum(['domestic', 'foreign']),
  period: z.enum(['week']),
  /** node-cron expression in the province's zone. */
  schedule: z.string(),
  /** Trích yếu, with {period}. */
  subject: z.string(),
  /** Kính gửi. */
  to: z.array(receiver),
  /** Nơi nhận, without the closing "Lưu: VT, …" line. */
  recipients: z.array(receiver),
  /** The unit in "Lưu: VT, <unit>". */
  unit: z.string(),
  /** Căn cứ / the plan that orders it. */
  basis: z.array(z.string()),
  /** Stories shown per topic at most. */
  perTopic: z.int().positive(),
})

export const reportsSchema = z.strictObject({ reports: z.array(report) })

const alertRule = z.strictObject({
  id,
  label,
  /** All given conditions must hold. */
  when: z.strictObject({
    sensitive: z.boolean().optional(),
    topics: z.array(id).optional(),
    origin: z.enum(['domestic', 'foreign']).optional(),
    relevance: z.enum(['main', 'mention']),
    tone: z.enum(['positive', 'neutral', 'negative']).optional(),
  }),
  department: id,
  channels: z.array(z.enum(['email', 'webhook'])).min(1),
  /** An article older than this when first seen fires nothing. */
  maxAgeHours: z.int().positive(),
})

export const alertsSchema = z.strictObject({ alerts: z.array(alertRule) })

// ---------------------------------------------------------------- profile.yaml

export const profileSchema = z.strictObject({
  id,
  /** Name of the province: "Lào Cai". */
  name: label,
  /** Files of another profile that this one takes over, e.g. `topics: lao-cai`. */
  shares: z.strictObject({ topics: id.optional(), tone: id.optional(), sensitivity: id.optional() }).optional(),
  outlets: z.strictObject({
    /** Ids of crawlers/outlets/<id>.yaml. */
    follow: z.array(id).min(1),
    /** Changes for this province: its own media are `press` for its neighbour. */
    overrides: z
      .record(
        id,
        z.strictObject({
          class: z.enum(['press', 'own', 'aggregator', 'portal', 'organisation']).optional(),
          delaySeconds: z.number().min(0).optional(),
        }),
      )
      .optional(),
  }),
  /** Names that what we write ourselves must use: as printed elsewhere → ours. */
  namingSheet: z.array(z.strictObject({ use: z.string(), insteadOf: z.array(z.string()) })).optional(),
  /** Shown on every page and document. */
  notice: label,
  /** Minimum share of the disk, in MB, below which collecting stops. */
  retention: z.strictObject({ irrelevantArchiveDays: z.int().positive() }),
})

export type Place = z.infer<typeof place>
export type HomographRule = z.infer<typeof homographRule>
export type Term = z.infer<typeof term>
export type Topic = z.infer<typeof topic>
export type Condition = z.infer<typeof condition>
export type Department = z.infer<typeof department>
export type ReportDefinition = z.infer<typeof report>
export type AlertRule = z.infer<typeof alertRule>
export type ToneTerms = z.infer<typeof toneSchema>

/** A whole profile, checked: what the rest of the monitor sees of a province. */
export interface Profile extends z.infer<typeof profileSchema> {
  readonly places: readonly Place[]
  readonly elsewhere: z.infer<typeof placesSchema>['elsewhere']
  readonly topics: readonly Topic[]
  readonly tone: ToneTerms
  readonly conditions: readonly Condition[]
  readonly departments: readonly Department[]
  readonly reports: readonly ReportDefinition[]
  readonly alerts: readonly AlertRule[]
  /** Followed outlets with the profile's overrides applied. */
  readonly outletDefinitions: readonly import('../model.ts').Outlet[]
  /** `sha256:<hex>` over the places, topics, tone and conditions: keys the assessments. */
  readonly digest: string
}
