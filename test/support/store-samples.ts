import type { Assessment, Extracted, Page, StepKey } from '../../model.ts'
import type { ArticleDraft } from '../../store/store.ts'

/** Samples written for the tests of the store. */
export const extractedSample = (fields: Partial<Extracted> = {}): Extracted => ({
  url: 'https://sample.test/tin-1.html',
  title: 'Bài mẫu: cầu mới ở Bảo Yên',
  lead: 'Cây cầu thay cầu tràn cũ.',
  text: 'Cầu dài 60 m.\nNgười dân qua lại dễ dàng hơn.',
  byline: null,
  section: null,
  published: null,
  modified: null,
  language: 'vi',
  canonical: null,
  image: null,
  imageCaption: null,
  completeness: 'full',
  by: { title: 'rule' },
  doubts: [],
  ...fields,
})

export const draftSample = (fields: Partial<ArticleDraft> = {}, extracted: Partial<Extracted> = {}): ArticleDraft => ({
  outletId: 'sample',
  url: 'https://sample.test/tin-1.html',
  aliases: [],
  pageId: null,
  extracted: extractedSample(extracted),
  language: 'vi',
  published: '2025-10-01T01:00:00.000Z',
  publishedBy: 'json-ld',
  seenAt: '2025-10-01T02:00:00.000Z',
  ...fields,
})

export const pageSample = (id: string, fields: Partial<Page> = {}): Page => ({
  id,
  url: `https://sample.test/${id}`,
  finalUrl: `https://sample.test/${id}`,
  outletId: 'sample',
  fetchedAt: '2025-10-01T02:00:00.000Z',
  status: 200,
  headers: { 'content-type': 'text/html' },
  digest: `sha256:${id}`,
  bytes: 10,
  warc: { file: '2025-10-01.warc.gz', offset: 0, length: 10 },
  ...fields,
})

export const keySample = (stepVersion = 1): StepKey => ({
  step: 'assess',
  stepVersion,
  profileDigest: 'sha256:profile',
  modelDigest: 'lexicon',
})

export const assessmentSample = (fields: Partial<Assessment> = {}): Assessment => ({
  relevance: {
    level: 'main',
    score: 0.9,
    places: [{ id: 'bao-yen', field: 'title', from: 19, to: 26, text: 'Bảo Yên' }],
  },
  topics: [{ id: 'transport', score: 0.8 }],
  tone: 'positive',
  sensitive: false,
  evidence: [{ for: 'topic:transport', field: 'title', from: 9, to: 12, text: 'cầu', weight: 1 }],
  ...fields,
})
