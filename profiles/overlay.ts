import { createHash } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { placesSchema, sensitivitySchema, toneSchema, topicsSchema } from './schema.ts'
import { readText } from './yaml-file.ts'

/**
 * The files by which articles are judged, and where each comes from: the profile as shipped, or the copy in the data
 * folder once somebody edited it (docs/decisions/0009-edited-profile.md).
 */
export const judgingSchemas = {
  places: placesSchema,
  topics: topicsSchema,
  tone: toneSchema,
  sensitivity: sensitivitySchema,
} as const

export type JudgingName = keyof typeof judgingSchemas
export const JUDGING_NAMES: readonly JudgingName[] = ['topics', 'places', 'sensitivity', 'tone']

export interface ProfileLocation {
  /** The profile as shipped: `profiles/lao-cai`. */
  readonly folder: string
  /** Folder of the edited copies; null: none is looked at. */
  readonly overlay: string | null
  /** Profiles from which files are taken over. */
  readonly shares?: Readonly<Partial<Record<JudgingName, string | undefined>>> | undefined
}

export interface JudgingFile {
  readonly file: string
  readonly edited: boolean
}

/** Where the edited copies of a profile stand in the data folder. */
export const overlayFolder = (dataFolder: string, profile: string): string => join(dataFolder, 'profile', profile)

export const shippedFile = (name: JudgingName, { folder, shares = {} }: ProfileLocation): string =>
  join(dirname(folder), shares[name] ?? basename(folder), `${name}.yaml`)

/** The file in force. */
export async function judgingFile(name: JudgingName, location: ProfileLocation): Promise<JudgingFile> {
  const copy = location.overlay === null ? null : join(location.overlay, `${name}.yaml`)
  if (copy !== null && (await readText(copy)) !== null) return { file: copy, edited: true }
  return { file: shippedFile(name, location), edited: false }
}

export interface JudgingText extends JudgingFile {
  readonly text: string
  readonly digest: string
}

export const textDigest = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`

/** The text in force. */
export async function judgingText(name: JudgingName, location: ProfileLocation): Promise<JudgingText> {
  const { file, edited } = await judgingFile(name, location)
  const text = (await readText(file)) ?? ''
  return { file, edited, text, digest: textDigest(text) }
}

/** The text as shipped: what an update of the program may have changed since the copy was made. */
export const shippedText = async (name: JudgingName, location: ProfileLocation): Promise<string> =>
  (await readText(shippedFile(name, location))) ?? ''

/** Puts the text in the place of the copy, whole or not at all; a reader never sees half of it. */
export async function writeCopy(overlay: string, name: JudgingName, text: string): Promise<void> {
  await mkdir(overlay, { recursive: true })
  const part = join(overlay, `.${name}.${process.pid}.part`)
  try {
    const handle = await open(part, 'w')
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(part, join(overlay, `${name}.yaml`))
  } finally {
    await rm(part, { force: true })
  }
}
