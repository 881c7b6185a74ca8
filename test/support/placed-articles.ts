import { join } from 'node:path'
import { createAssessor } from '../../pipeline/assess.ts'
import { type PlaceTree, placeTree, sceneIds } from '../../pipeline/place-tree.ts'
import type { StoryArticle } from '../../pipeline/vectors.ts'
import { loadProfile } from '../../profiles/load.ts'
import { loadSamples, type WorldArticle } from '../press-world/articles.ts'

/** Articles with the places that the profile of Lào Cai finds in them, as stories are given them. */
export interface Placed {
  readonly places: PlaceTree
  readonly place: (article: StoryArticle, lead?: string | null) => Promise<StoryArticle>
  /** The sample week of the press world, in order of its files. */
  readonly week: () => Promise<{ readonly samples: readonly WorldArticle[]; readonly articles: StoryArticle[] }>
}

export async function placed(): Promise<Placed> {
  const root = join(import.meta.dirname, '../..')
  const profile = await loadProfile(join(root, 'profiles/lao-cai'), join(root, 'crawlers/outlets'))
  const assessor = createAssessor({ profile })
  const place: Placed['place'] = async (article, lead = null) => {
    const language = article.language ?? null
    const { relevance } = await assessor.assess({ ...article, language, lead, outletId: null })
    return { ...article, places: sceneIds(relevance.places, article.text) }
  }
  return {
    places: placeTree(profile.places),
    place,
    week: async () => {
      const samples = await loadSamples()
      const articles: StoryArticle[] = []
      for (const { id, title, lead, paragraphs, outlet, published, language } of samples) {
        const text = [lead, ...paragraphs].filter((part) => part !== null).join('\n')
        const own = { id, title, text, outlet, published: new Date(published).toISOString(), language }
        articles.push(await place(own, lead))
      }
      return { samples, articles }
    },
  }
}
