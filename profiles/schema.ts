import { z } from 'zod'
import { OUTLET_CLASSES } from './outlet-schema.ts'

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
  names: z.array(z.string()).optional().describe('Names of the place that the rule is about; absent: all of them.'),
  require: z.array(z.string()).optional().describe('One of these must stand near (or the name is not the place).'),
  reject: z.array(z.string()).optional().describe('One of these near means that it is something else.'),
  rejectBefore: z
    .array(z.string())
    .optional()
    .describe('Words directly before the name that make it something else (`ông`, `đường`).'),
  rejectAfter: z.array(z.string()).optional().describe('Words directly after the name that make it something else.'),
  within: z
    .int()
    .positive()
    .optional()
    .describe('How near, in words (characters for zh, ja, ko, th, lo); absent: the whole article.'),
  abroad: z
    .boolean()
    .optional()
    .describe(
      'Holds only in articles in other languages than Vietnamese, of outlets outside Vietnam (or of none known).',
    ),
  note: z.string().optional(),
})

export const PLACE_KINDS = [
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
] as const

const place = z.strictObject({
  id,
  kind: z.enum(PLACE_KINDS),
  name: z.string().min(1).describe('As shown to people, in Vietnamese.'),
  code: z.string().optional().describe('The official code (GSO) of a commune or ward.'),
  area: z.string().optional().describe('Filter of the reader: which former province it lay in.'),
  communes: z.array(id).optional().describe("Ids of today's communes that the place lies in or was divided into."),
  district: id.optional().describe('Id of the former district.'),
  names: byLanguage(z.array(z.string().min(1))).describe(
    'Every spelling by language, accented where the language has accents.',
  ),
  strength: z
    .enum(['strong', 'weak', 'context'])
    .describe(
      '`strong`: the name alone means the place. `weak`: it has homographs or is a common word; it counts only with a strong place of the province near, or when a rule of `homographs` is met.  `context`: never makes an article relevant (partner places, roads that lie mostly elsewhere), but is tagged and may support a weak one.',
    ),
  homographs: z.array(homographRule).optional(),
  verified: z.boolean().optional(),
  note: z.string().optional(),
})

export const placesSchema = z.strictObject({
  elsewhere: z
    .array(
      z.strictObject({
        name: z.string(),
        names: z.array(z.string()),
        foreign: z
          .array(z.string())
          .optional()
          .describe('Further names, read only in articles in other languages than Vietnamese.'),
      }),
    )
    .describe('Names of other provinces, cities and countries: they draw an article elsewhere.'),
  places: z.array(place).min(1),
})

// ---------------------------------------------------------------- topics.yaml, tone.yaml, sensitivity.yaml

/** A weighted term: `tín chỉ các-bon`; a `*` at the end matches any ending of the word. */
const term = z.union([
  z.string().min(1),
  z.strictObject({
    term: z.string().min(1),
    weight: z.number().optional(),
    with: z
      .array(z.string())
      .optional()
      .describe('Counts only when one of these stands in the same article (or `within` words).'),
    without: z.array(z.string()).optional().describe('Does not count when one of these stands there.'),
    within: z.int().positive().optional(),
  }),
])

const topic = z.strictObject({
  id,
  label,
  definition: z.string().min(1),
  owner: z.array(id).describe('Departments by id.'),
  copyTo: z.array(id).optional(),
  terms: byLanguage(z.array(term)).describe('Weight 1 each unless given.'),
  weakTerms: byLanguage(z.array(term)).optional().describe('Weight 0.4 each unless given: alone they never decide.'),
  negativeTerms: byLanguage(z.array(term)).optional().describe('Speaks against the topic.'),
  threshold: z.number().positive().optional().describe('Score from which the definitions alone assign the topic.'),
})

export const topicsSchema = z.strictObject({ topics: z.array(topic).min(1) })

export const toneSchema = z.strictObject({
  positive: byLanguage(z.array(term)),
  negative: byLanguage(z.array(term)),
  /** Speaks for a matter of routine: appointments, notices, results. */
  neutral: byLanguage(z.array(term)).optional(),
})

/** An event and its gravity; never the name of a people, a religion or a person alone. */
const condition = z.strictObject({
  id,
  label,
  event: byLanguage(z.array(term)).describe('One of these must occur …'),
  gravity: byLanguage(z.array(term)).optional().describe('… and one of these, when given.'),
  topics: z.array(id).optional().describe('Topics one of which the article must carry, when given.'),
  relevance: z.enum(['main', 'mention']).describe('Least relevance.'),
  besidePlace: z
    .boolean()
    .optional()
    .describe(
      'Holds also in an article that only mentions the province, where event and gravity stand in a sentence that names a place of it.',
    ),
  weight: z.number().positive().optional(),
  decides: z
    .boolean()
    .optional()
    .describe('Met, it makes the article sensitive whatever the learned model says; else the model weighs it.'),
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
  parent: z.string().optional().describe('As the upper body stands above it in a document.'),
  symbol: z.string().optional().describe('Symbol in document numbers: `SVHTTDL`.'),
  seat: z.string().optional().describe('Place in the date line.'),
  signer: z.string().optional().describe('Title of the signer.'),
  email: z.email().optional(),
})

export const departmentsSchema = z.strictObject({ departments: z.array(department).min(1) })

const report = z.strictObject({
  id,
  label,
  department: id,
  origin: z.enum(['domestic', 'foreign']).describe('What it covers: `domestic` or `foreign` press.'),
  period: z.enum(['week']),
  schedule: z.string().describe("node-cron expression in the province's zone."),
  subject: z.string().describe('Trích yếu, with {period}.'),
  to: z.array(receiver).describe('Kính gửi.'),
  recipients: z.array(receiver).describe('Nơi nhận, without the closing "Lưu: VT, …" line.'),
  unit: z.string().describe('The unit in "Lưu: VT, <unit>".'),
  basis: z.array(z.string()).describe('Căn cứ / the plan that orders it.'),
  perTopic: z.int().positive().describe('Stories shown per topic at most.'),
})

export const reportsSchema = z.strictObject({ reports: z.array(report) })

const alertRule = z.strictObject({
  id,
  label,
  when: z
    .strictObject({
      change: z
        .enum(['edited', 'removed'])
        .optional()
        .describe(
          'Absent: what is published. `edited`: each later version of an article; `removed`: an article taken down. Both fire once per article and occasion, for articles chiefly about the province and sensitive ones; `maxAgeHours` counts from the change.',
        ),
      sensitive: z.boolean().optional(),
      topics: z.array(id).optional(),
      origin: z.enum(['domestic', 'foreign']).optional(),
      relevance: z.enum(['main', 'mention']),
      tone: z.enum(['positive', 'neutral', 'negative']).optional(),
    })
    .describe('All given conditions must hold.'),
  department: id,
  channels: z.array(z.enum(['email', 'webhook'])).min(1),
  maxAgeHours: z.int().positive().describe('An article older than this when first seen fires nothing.'),
})

export const alertsSchema = z.strictObject({ alerts: z.array(alertRule) })

// ---------------------------------------------------------------- profile.yaml

const outletSearch = z.strictObject({
  queries: byLanguage(z.array(z.string().min(1)).min(1)).describe(
    'Words sought, by language; each outlet is asked those of its own languages.',
  ),
  domestic: z.boolean().default(true).describe('Whether the searches of domestic outlets are asked.'),
  foreign: z
    .union([z.literal('all'), z.array(id)])
    .default([])
    .describe(
      'Foreign outlets and services, by id, whose search may be asked: it shows them which words this office seeks.',
    ),
})

export const profileSchema = z.strictObject({
  id,
  name: label.describe('Name of the province: "Lào Cai".'),
  shares: z
    .strictObject({ topics: id.optional(), tone: id.optional(), sensitivity: id.optional() })
    .optional()
    .describe('Files of another profile that this one takes over, e.g. `topics: lao-cai`.'),
  outlets: z.strictObject({
    follow: z.array(id).min(1).describe('Ids of crawlers/outlets/<id>.yaml.'),
    overrides: z
      .record(
        id,
        z.strictObject({
          class: z.enum(OUTLET_CLASSES).optional(),
          delaySeconds: z.number().min(0).optional(),
        }),
      )
      .optional()
      .describe('Changes for this province: its own media are `press` for its neighbour.'),
    search: outletSearch
      .optional()
      .describe('What is sought where outlets and discovery services can be asked; absent: nothing is.'),
  }),
  namingSheet: z
    .array(z.strictObject({ use: z.string(), insteadOf: z.array(z.string()) }))
    .optional()
    .describe('Names that what we write ourselves must use: as printed elsewhere → ours.'),
  notice: label.describe('Shown on every page and document.'),
  areas: z
    .array(z.strictObject({ id, label }))
    .optional()
    .describe('Former provinces by which readers filter; places name theirs as "area".'),
  retention: z
    .strictObject({ irrelevantArchiveDays: z.int().positive() })
    .describe('Minimum share of the disk, in MB, below which collecting stops.'),
})

export type Place = z.infer<typeof place>
export type HomographRule = z.infer<typeof homographRule>
export type Term = z.infer<typeof term>
export type Topic = z.infer<typeof topic>
export type Condition = z.infer<typeof condition>
export type Department = z.infer<typeof department>
export type ReportDefinition = z.infer<typeof report>
export type OutletSearch = z.infer<typeof outletSearch>
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
