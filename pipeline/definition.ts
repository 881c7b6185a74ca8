import type { Assessable, Evidence } from '../model.ts'
import type { Topic } from '../profiles/schema.ts'
import { readFields } from './reading.ts'
import { termBook } from './terms.ts'
import { termEvidence, termScore, thresholdOf, topicLists } from './topics.ts'

/** What a topic's definition alone says of an article, without any model. */
export interface DefinitionReading {
  /** Sum of the weights of the terms found; from `threshold` on the definition assigns the topic. */
  readonly sum: number
  readonly threshold: number
  readonly evidence: readonly Evidence[]
}

/** Compiles one topic only: quick enough while an analyst types. */
export function readDefinition(topic: Topic, article: Assessable): DefinitionReading {
  const fields = readFields(article)
  const language = article.language ?? (fields.some((field) => field.scan.accented) ? 'vi' : null)
  const hits = termBook(topicLists([topic])).read(fields, language)
  const about = `topic:${topic.id}`
  return {
    sum: termScore(hits, about),
    threshold: thresholdOf(topic),
    evidence: termEvidence(fields, hits, about),
  }
}
