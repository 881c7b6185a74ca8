import type { Assessment, Evidence } from '../../model.ts'

/** Sample articles written for these tests; they report nothing that happened. */
export interface WebSample {
  readonly outletId: string
  readonly title: string
  readonly lead: string | null
  readonly text: string
  readonly byline: string | null
  readonly language: string
  readonly published: string
  readonly story: string | null
  readonly assessment: Assessment
}

const evidence = (
  cause: string,
  field: Evidence['field'],
  within: string,
  text: string,
  weight: number,
  rule?: string,
): Evidence => {
  const from = within.indexOf(text)
  return { for: cause, field, from, to: from + text.length, text, weight, ...(rule ? { rule } : {}) }
}

const FLOOD = {
  title: 'Bài mẫu: Lũ quét trong đêm ở Lào Cai, ba người mất tích',
  lead: 'Mưa lớn gây lũ quét tại xã Nậm Lúc; lực lượng cứu hộ đang tìm ba người.',
  text: 'Rạng sáng nay, lũ quét từ thượng nguồn đổ về làm bốn ngôi nhà bị cuốn trôi.\nTỉnh Lào Cai yêu cầu các xã sơ tán người dân khỏi nơi có nguy cơ sạt lở đất.',
}

const relevance = (level: Assessment['relevance']['level']): Assessment['relevance'] => ({
  level,
  score: level === 'none' ? 0.02 : 0.97,
  places: [],
})

const CHINESE = {
  title: '样稿：越南老街省发生山洪 3人失踪',
  text: '受强降雨影响，老街省凌晨发生山洪，当地已出动军警搜救。',
}

const HOSTILE = '<script>alert("x")</script> & <img src=x onerror=alert(1)> Lào Cai'

export const SAMPLES: readonly WebSample[] = [
  {
    ...FLOOD,
    outletId: 'vnexpress',
    byline: 'Tên Tác Giả Mẫu',
    language: 'vi',
    published: '2025-10-03T00:10:00.000Z',
    story: 'flood',
    assessment: {
      relevance: relevance('main'),
      topics: [{ id: 'disaster_environment', score: 0.94 }],
      tone: 'negative',
      sensitive: true,
      evidence: [
        evidence('relevance', 'title', FLOOD.title, 'Lào Cai', 2),
        evidence('topic:disaster_environment', 'title', FLOOD.title, 'Lũ quét', 1),
        evidence('topic:disaster_environment', 'text', FLOOD.text, 'sạt lở đất', 1),
        evidence('sensitive', 'title', FLOOD.title, 'mất tích', 1.5, 'thương vong'),
        evidence('tone', 'text', FLOOD.text, 'bốn ngôi nhà bị cuốn trôi', -0.8),
      ],
    },
  },
  {
    ...CHINESE,
    outletId: 'xinhua',
    lead: null,
    byline: null,
    language: 'zh',
    published: '2025-10-03T01:20:00.000Z',
    story: 'flood',
    assessment: {
      relevance: relevance('main'),
      topics: [{ id: 'disaster_environment', score: 0.9 }],
      tone: 'negative',
      sensitive: true,
      evidence: [evidence('relevance', 'title', CHINESE.title, '老街', 2)],
    },
  },
  {
    outletId: 'tuoitre',
    title: HOSTILE,
    lead: `Lead ${HOSTILE}`,
    text: `Đoạn một ${HOSTILE}\n</p><style>body{display:none}</style>`,
    byline: '<b onclick="alert(2)">Tên</b>',
    language: 'vi',
    published: '2025-10-02T22:00:00.000Z',
    story: 'hostile',
    assessment: {
      relevance: relevance('main'),
      topics: [{ id: 'tourism', score: 0.8 }],
      tone: 'neutral',
      sensitive: false,
      evidence: [{ ...evidence('tone', 'title', HOSTILE, '<script>', 0.5), rule: '"><script>alert(3)</script>' }],
    },
  },
  {
    outletId: 'thanhnien',
    title: 'Bài mẫu: Triển lãm ảnh tại Đà Nẵng',
    lead: null,
    text: 'Một triển lãm ảnh khai mạc tại Đà Nẵng.',
    byline: null,
    language: 'vi',
    published: '2025-10-02T21:00:00.000Z',
    story: null,
    assessment: { relevance: relevance('none'), topics: [], tone: 'positive', sensitive: false, evidence: [] },
  },
]
