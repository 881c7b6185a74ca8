import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type Clock, iso } from '../clock.ts'
import { Skip } from '../errors.ts'
import type { Assessor } from '../pipeline/assess.ts'
import { checkCandidateText } from '../profiles/candidate.ts'
import {
  JUDGING_NAMES,
  type JudgingName,
  type JudgingText,
  judgingText,
  type ProfileLocation,
  shippedText,
  textDigest,
  writeCopy,
} from '../profiles/overlay.ts'
import type { Profile } from '../profiles/schema.ts'
import { entryOf, spliceEntry } from '../profiles/splice.ts'
import type { ProfileDraft, ProfileRevision, RevisionKind, Store } from '../store/store.ts'
import { type Entry, LISTS } from './profile-form.ts'

/** What the pages need of the monitor to edit the profile; app.ts gives it. */
export interface ProfileEditing {
  readonly location: ProfileLocation
  /** What judges now. */
  readonly assessor: () => Assessor
  readonly assessorFor: (profile: Profile) => Promise<Assessor>
  /** Takes over what the files say now, and judges again in the background. */
  readonly reload: () => Promise<void>
}

export interface FileState extends JudgingText {
  readonly name: JudgingName
  /** Last change by people; null: as shipped. */
  readonly last: Omit<ProfileRevision, 'text'> | null
  /** The program came with another text since the copy was made. */
  readonly shippedChanged: boolean
}

export type SaveOutcome =
  | { readonly kind: 'saved'; readonly revision: number }
  /** Another entry of the file was saved meanwhile: the draft stands on the new text now, and is to be tried again. */
  | { readonly kind: 'moved' }
  /** The same entry was saved meanwhile. */
  | { readonly kind: 'conflict' }

interface By {
  readonly who: string
}

/** People's edits of the profile: drafts, the files in force, and every revision. */
export interface ProfileDesk {
  readonly files: () => Promise<readonly FileState[]>
  /**
   * Keeps an edit of one entry as a draft upon the text in force; null takes the entry out.
   * @throws Skip `profile.no-change` when nothing differs
   */
  readonly edit: (edit: { name: JudgingName; id: string; value: Entry | null } & By) => Promise<ProfileDraft>
  /** A draft that brings an entry, or the whole file, back to what a revision had. */
  readonly restore: (edit: { revision: ProfileRevision; item: string | null } & By) => Promise<ProfileDraft>
  /** A draft that gives up the edited copy. */
  readonly giveUp: (edit: { name: JudgingName } & By) => Promise<ProfileDraft>
  /** The profile with the draft in it; null when it does not fit any more. */
  readonly profileOf: (draft: ProfileDraft, current: Profile) => Profile | null
  readonly save: (draft: ProfileDraft, by: { note: string | null } & By) => Promise<SaveOutcome>
}

export const placeOf = (name: JudgingName, id: string | null) => ({ list: LISTS[name], id })
export const nameOf = (file: string): JudgingName => {
  const name = JUDGING_NAMES.find((known) => known === file)
  if (!name) throw new TypeError(`there is no file "${file}"`)
  return name
}

/** The entry (or, without an item, everything) that a text of the file says. */
export const entryIn = (text: string, file: string, item: string | null): Entry | null =>
  item === null ? entryOf(text, { list: null, id: null }) : entryOf(text, placeOf(nameOf(file), item))

export function createProfileDesk(options: {
  readonly store: Store
  readonly clock: Clock
  readonly editing: ProfileEditing
  readonly profileId: string
}): ProfileDesk {
  const { store, clock, editing, profileId } = options
  const { location } = editing
  const { overlay } = location

  const draftOn = async (
    name: JudgingName,
    fields: Pick<ProfileDraft, 'item' | 'kind' | 'text' | 'who'>,
    base: JudgingText,
  ): Promise<ProfileDraft> => {
    if (fields.text === base.text && fields.kind !== 'shipped')
      throw new Skip('nothing differs', { code: 'profile.no-change', remedy: 'Change something first.' })
    const draft: ProfileDraft = {
      ...{ id: randomUUID(), profileId, file: name, note: null, at: iso(clock.now()) },
      ...fields,
      ...{ base: base.text, baseDigest: base.digest },
    }
    await store.profileEdits.putDraft(draft)
    return draft
  }

  /** What another hand did to the file stands in the history, too, before the next edit covers it. */
  const recordUnknown = async (inner: Store, name: JudgingName, found: JudgingText, at: string): Promise<void> => {
    const last = await inner.profileEdits.lastRevision(profileId, name)
    if (last?.digest === found.digest) return
    const kind: RevisionKind = found.edited ? 'outside' : 'origin'
    const { text, digest } = found
    await inner.profileEdits.addRevision({
      ...{ profileId, file: name, item: null, kind, text, digest, note: null, who: kind, at },
    })
  }

  const rebased = (draft: ProfileDraft, found: JudgingText): string | null => {
    const name = nameOf(draft.file)
    if (draft.item === null) return null
    const [was, is] = [entryIn(draft.base, name, draft.item), entryIn(found.text, name, draft.item)]
    if (!isDeepStrictEqual(was, is)) return null
    return spliceEntry(found.text, placeOf(name, draft.item), entryIn(draft.text, name, draft.item))
  }

  return {
    files: () =>
      Promise.all(
        JUDGING_NAMES.map(async (name): Promise<FileState> => {
          const found = await judgingText(name, location)
          const [last = null] = await store.profileEdits.revisions(profileId, { file: name, limit: 1 })
          const revisions = found.edited
            ? await store.profileEdits.revisions(profileId, { file: name, limit: 500 })
            : []
          const origin = revisions.find(({ kind }) => kind === 'origin' || kind === 'shipped')
          const shipped = textDigest(await shippedText(name, location))
          const shippedChanged = origin !== undefined && origin.digest !== shipped && found.digest !== shipped
          return { ...found, name, last: last?.kind === 'origin' ? null : last, shippedChanged }
        }),
      ),

    edit: async ({ name, id, value, who }) => {
      const base = await judgingText(name, location)
      const text = spliceEntry(base.text, placeOf(name, id), value)
      return draftOn(name, { item: name === 'tone' ? null : id, kind: 'edit', text, who }, base)
    },

    restore: async ({ revision, item, who }) => {
      const name = nameOf(revision.file)
      const base = await judgingText(name, location)
      const text =
        item === null ? revision.text : spliceEntry(base.text, placeOf(name, item), entryIn(revision.text, name, item))
      return draftOn(name, { item, kind: 'restore', text, who }, base)
    },

    giveUp: async ({ name, who }) => {
      const base = await judgingText(name, location)
      return draftOn(name, { item: null, kind: 'shipped', text: await shippedText(name, location), who }, base)
    },

    profileOf: (draft, current) => checkCandidateText(current, nameOf(draft.file), draft.text).profile,

    save: async (draft, { who, note }) => {
      if (overlay === null) throw new TypeError('the profile has no place for edited copies')
      const name = nameOf(draft.file)
      const at = iso(clock.now())
      // The store's writer lock is one for all processes: two savings never cross, from whatever program they come.
      const outcome = await store.transaction(async (inner): Promise<SaveOutcome> => {
        const found = await judgingText(name, location)
        if (found.digest !== draft.baseDigest) {
          const text = rebased(draft, found)
          if (text === null) return { kind: 'conflict' }
          await inner.profileEdits.putDraft({ ...draft, base: found.text, baseDigest: found.digest, text })
          return { kind: 'moved' }
        }
        await recordUnknown(inner, name, found, at)
        const { file, item, kind, text } = draft
        const digest = textDigest(text)
        const revision = await inner.profileEdits.addRevision({
          ...{ profileId, file, item, kind, text, digest, note, who, at },
        })
        await inner.profileEdits.dropDraft(draft.id)
        const detail = note === null ? kind : `${kind}: ${note}`
        await inner.users.log({ who, action: 'profile.edit', subject: `${file}/${item ?? '*'}`, detail, at })
        // Last: what can fail has not failed by now.
        if (kind === 'shipped') await rm(join(overlay, `${name}.yaml`), { force: true })
        else await writeCopy(overlay, name, text)
        return { kind: 'saved', revision }
      })
      if (outcome.kind === 'saved') await editing.reload()
      return outcome
    },
  }
}
