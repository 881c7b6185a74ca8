import type { MessageKey } from '../../locales/index.ts'
import type { Visit } from '../visit.ts'

/** What the pipeline writes beside a piece of evidence, word for word, and how we say it. */
const FIXED: Readonly<Record<string, MessageKey>> = {
  'another place of the province is named': 'web.rule.otherPlace',
  'its full name is named': 'web.rule.fullName',
  'named after the province': 'web.rule.namedAfter',
  'nothing elsewhere is named': 'web.rule.nothingElsewhere',
  'perhaps part of a longer name': 'web.rule.longerName',
  "a person's name": 'web.rule.person',
  'a street': 'web.rule.street',
  'a firm or a building': 'web.rule.firm',
  'a nickname of another place': 'web.rule.nickname',
  'model: sentence': 'web.rule.modelSentence',
  'model: word': 'web.rule.modelWord',
  'model: whole text': 'web.rule.modelText',
}

const PATTERNS: readonly (readonly [RegExp, MessageKey])[] = [
  [/^in (.+)$/, 'web.rule.in'],
  [/^near: (.+)$/, 'web.rule.near'],
  [/^none of: (.+)$/, 'web.rule.noneOf'],
  [/^near "(.+)"$/, 'web.rule.near'],
  [/^after "(.+)"$/, 'web.rule.after'],
  [/^before "(.+)"$/, 'web.rule.before'],
]

/** The rule that spoke, in the reader's language; one that we have no words for is shown as it is. */
export function ruleText(visit: Visit, rule: string): string {
  const condition = visit.profile.conditions.find(({ id }) => id === rule)
  if (condition) return condition.label[visit.locale]
  const fixed = FIXED[rule]
  if (fixed) return visit.t(fixed)
  for (const [pattern, key] of PATTERNS) {
    const what = pattern.exec(rule)?.[1]
    if (what) return visit.t(key, { what })
  }
  return rule
}
