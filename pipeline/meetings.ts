import { kindOf, weightOf } from './anchors.ts'
import { hash } from './features.ts'
import type { Member } from './pair.ts'
import { createPostings } from './postings.ts'
import { SECTIONS, sectionOf } from './vectors.ts'

/**
 * Finds articles of other languages, with which an article shares no words: by a kind of event at a place. Vietnamese
 * articles and foreign ones are kept apart, so that a Vietnamese article asks for the few foreign ones only.
 */
export interface Meetings {
  readonly add: (member: Member, position: number) => void
  /** Positions of the articles that share most events and places, best first. */
  readonly of: (member: Member) => number[]
  readonly clear: () => void
}

const [ANCHORS, PLACES] = [SECTIONS.indexOf('anchors'), SECTIONS.indexOf('places')]
const EVENTS = 4
const VISITED = 300
const KEPT = 24

export function createMeetings(): Meetings {
  const postings = createPostings()
  const classOf = ({ language }: Member): string => (language === 'vi' ? 'v' : 'f')
  const keysOf = ({ packed }: Member, of: string): Uint32Array => {
    const events = [...sectionOf(packed, ANCHORS)]
      .filter((anchor) => kindOf(anchor) === 'event' || kindOf(anchor) === 'theme')
      .sort((a, b) => weightOf(b) - weightOf(a))
      .slice(0, EVENTS)
    const places = [...sectionOf(packed, PLACES)]
    return Uint32Array.from(
      events.flatMap((event) => places.map((place) => hash(`${of} ${event >>> 8} ${place >>> 8}`) >>> 8)),
    )
  }
  return {
    add: (member, position) => {
      for (const key of keysOf(member, classOf(member))) postings.add(key, position)
    },
    of: (member) => {
      const foreign = postings.best(keysOf(member, 'f'), () => 1, { visited: VISITED, kept: KEPT })
      if (classOf(member) === 'v') return foreign
      return [...foreign, ...postings.best(keysOf(member, 'v'), () => 1, { visited: VISITED, kept: KEPT })]
    },
    clear: postings.clear,
  }
}
