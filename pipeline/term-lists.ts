import type { Profile } from '../profiles/schema.ts'
import { gravityLists } from './gravity.ts'
import { conditionLists } from './sensitivity.ts'
import type { TermList } from './terms.ts'
import { toneLists } from './tone.ts'
import { topicLists } from './topics.ts'

/** All that is looked for in a text: one list for use and for training, since a model must see what it learned from. */
export const termLists = (profile: Profile): TermList[] => [
  ...topicLists(profile.topics),
  ...toneLists(profile.tone),
  ...conditionLists(profile.conditions),
  ...gravityLists,
]
