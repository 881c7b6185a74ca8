import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { outletSchema } from './outlet-schema.ts'
import {
  alertsSchema,
  departmentsSchema,
  placesSchema,
  profileSchema,
  reportsSchema,
  sensitivitySchema,
  toneSchema,
  topicsSchema,
} from './schema.ts'

/** Where editors find the schemas, which each YAML file names in its first line. */
export const schemasFolder = join(import.meta.dirname, 'schemas')

/** File name → JSON Schema as text, for each kind of file that an analyst edits. */
export function publishedSchemas(): Map<string, string> {
  const schemas = {
    alerts: alertsSchema,
    departments: departmentsSchema,
    outlet: outletSchema,
    places: placesSchema,
    profile: profileSchema,
    reports: reportsSchema,
    sensitivity: sensitivitySchema,
    tone: toneSchema,
    topics: topicsSchema,
  }
  return new Map(
    Object.entries(schemas).map(([name, schema]) => [
      `${name}.schema.json`,
      `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2)}\n`,
    ]),
  )
}

if (import.meta.main) {
  await mkdir(schemasFolder, { recursive: true })
  for (const [file, text] of publishedSchemas()) await writeFile(join(schemasFolder, file), text)
  process.stdout.write(`${publishedSchemas().size} schemas written to ${schemasFolder}\n`)
}
