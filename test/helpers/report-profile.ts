import { join } from 'node:path'
import { loadProfile } from '../../profiles/load.ts'
import type { Profile } from '../../profiles/schema.ts'

const root = join(import.meta.dirname, '../..')

/** The conditions that the sample articles name. */
const conditions: Profile['conditions'] = [
  { id: 'deaths', label: { vi: 'Thương vong', en: 'Deaths' }, event: { vi: ['lũ quét'] }, relevance: 'main' },
  { id: 'officials', label: { vi: 'Cán bộ bị xử lý', en: 'Officials' }, event: { vi: ['khởi tố'] }, relevance: 'main' },
]

/** The province's profile with conditions of the samples, so that an analyst's edits of the lists move no test. */
export const sampleProfile = async (): Promise<Profile> => ({
  ...(await loadProfile(join(root, 'profiles/lao-cai'), join(root, 'crawlers/outlets'))),
  conditions,
})
