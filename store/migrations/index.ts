import { initial } from './0001-initial.ts'
import { storyDesk } from './0002-story-desk.ts'
import { helpers } from './0003-helpers.ts'
import { pace } from './0004-pace.ts'
import { visits } from './0005-visits.ts'
import { archiveChain } from './0006-archive-chain.ts'
import { handEntries } from './0007-hand-entries.ts'
import { profileEdits } from './0008-profile-edits.ts'
import { evidence } from './0009-evidence.ts'
import { retention } from './0010-retention.ts'
import { storyLife } from './0011-story-life.ts'
import { counting } from './0012-counting.ts'

/** Forward only: a migration that was released is never changed; a mistake is mended by the next one. */
export interface Migration {
  /** 1, 2, …; the number of the last one applied is the version of the store. */
  readonly number: number
  readonly name: string
  readonly statements: readonly string[]
}

export const migrations: readonly Migration[] = [
  initial,
  storyDesk,
  helpers,
  pace,
  visits,
  archiveChain,
  handEntries,
  profileEdits,
  evidence,
  retention,
  storyLife,
  counting,
]
