import { describe, expect, it } from 'vitest'
import { shippedJudge } from '../pipeline/story-judge.ts'
import type { Labelled } from '../train/data.ts'
import { heldOut } from '../train/fit.ts'
import { foldsOf, INNER_FOLDS, innerFolds } from '../train/folds.ts'
import { goldNear, groupsOf } from '../train/groups.ts'
import type { Rows } from '../train/rows.ts'
import { seeded } from '../train/seeded.ts'
import { crossValidate, foldOf, type GoldItem } from '../train/stories.ts'
import { heldOut as heldOutTopics } from '../train/topic-fit.ts'

const unsaid = { relevance: null, topics: null, tone: null, sensitive: null } as const
const item = (id: string, title: string, text: string, more: Partial<Labelled> = {}): Labelled => ({
  ...{ id, title, text, set: 'province', ...unsaid },
  ...more,
})

/** Written for this test: nine reports, each with the same report shortened and once more retold from that. */
const REPORTS = [
  'Sáng nay lũ quét cuốn trôi cầu tạm qua suối Ngòi Nhù, ba thôn bị chia cắt, xã đưa thuyền chở dân qua bờ bên kia.',
  'Chợ phiên cuối tuần ở Bắc Hà đón hơn bốn nghìn lượt khách, nhiều nhất từ đầu năm, phòng nghỉ kín trước ba ngày.',
  'Công an huyện bắt hai người vận chuyển pháo nổ qua đường mòn biên giới, thu giữ sáu mươi kg cùng xe máy.',
  'Trường nội trú khánh thành dãy nhà bán trú mười hai phòng do doanh nghiệp tặng, học sinh vào ở từ thứ hai.',
  'Giá quế vỏ giảm còn hai mươi nghìn đồng mỗi kg, thương lái ngừng mua, nông dân chờ nhà máy mở cửa lại.',
  'Bệnh viện tỉnh ghép thành công giác mạc cho một cụ bà chín mươi tuổi, ca đầu tiên do bác sĩ tại chỗ thực hiện.',
  'Đội bóng chuyền nữ thắng ba trận liền ở vòng bảng, vào bán kết giải trẻ toàn quốc gặp đội chủ nhà.',
  'Cháy rừng trên đỉnh núi phía tây được dập sau hai ngày, năm mươi héc ta cây bụi bị thiệt hại, không ai bị thương.',
  'Cầu treo mới qua sông Chảy thông xe sớm một tháng, rút ngắn đường đến trung tâm xã còn bảy km.',
]
const shortened = (text: string): string => text.split(', ').slice(0, 2).join(', ')
const retold = (text: string): string => `Được biết: ${shortened(text)}.`
const pressed = REPORTS.flatMap((text, i) => [
  item(`full-${i}`, 'Bản tin', text),
  item(`short-${i}`, 'Tin nhanh', shortened(text)),
  item(`retold-${i}`, 'Tin vắn', retold(text)),
])

describe('folds', () => {
  it('never part near-duplicates, whatever the draw', () => {
    const groups = groupsOf(pressed)
    for (let seed = 0; seed < 50; seed++) {
      const folds = foldsOf(groups, 5, seeded(seed))
      for (const i of REPORTS.keys()) expect(new Set(folds.slice(3 * i, 3 * i + 3)).size).toBe(1)
    }
    // Not by putting all into one: the nine reports are told apart.
    expect(new Set(groups).size).toBe(REPORTS.length)
  })

  it('keep articles together that only a third one links, but not for a phrase that all papers use', () => {
    const [first = '', second = ''] = [REPORTS[0]?.slice(0, 60), REPORTS[0]?.slice(60)]
    const phrase = ['Ủy ban nhân dân tỉnh họp phiên tháng', 'Ủy ban nhân dân huyện gặp mặt doanh nghiệp']
    const groups = groupsOf(
      [REPORTS[0] ?? '', first, second, ...phrase].map((text, i) => item(`chained-${i}`, '', text)),
    )
    expect(groups[1]).toBe(groups[0])
    expect(groups[2]).toBe(groups[0])
    expect(groups[3]).not.toBe(groups[4])
  })

  it('hold what was drawn beside an article with that article, and what was not on its own', () => {
    const gold = pressed.slice(0, 6)
    const beside = item('a', 'Nước lớn', 'Mưa to, đường ngập.', { set: 'further', beside: 'province/short-1' })
    const gone = item('b', 'Nắng đẹp', 'Trời quang.', { set: 'further', beside: 'province/no-longer-there' })
    const both = item('c', 'Bản tin', `${REPORTS[0]} ${REPORTS[1]}`, { set: 'transposed' })
    const groups = groupsOf([...gold, beside, gone, both])
    expect(groups[0]).not.toBe(groups[3])
    expect(groups[6]).toBe(groups[4])
    expect(groups.slice(0, 7)).not.toContain(groups[7])
    expect(groups.slice(0, 8)).not.toContain(groups[8])
  })

  it('know every article of the gold that a further one is near, though it goes with none or one of them', () => {
    const both = item('c', 'Bản tin', `${REPORTS[0]} ${REPORTS[1]}`, { set: 'transposed' })
    const other = item('d', 'Bản tin', `${REPORTS[8]}`, { set: 'further' })
    const items = [...pressed.slice(0, 9), both, other]
    const groups = groupsOf(items)
    expect(goldNear(items, groups)).toEqual(new Map([[9, new Set([groups[0], groups[3]])]]))
  })

  it('inside the training data keep near-duplicates together too, and are all used', () => {
    const examples = Array.from({ length: 60 }, (_, i) => ({ group: i % 20 }))
    const folds = innerFolds(examples)
    for (const [i, fold] of folds.entries()) expect(fold).toBe(folds[i % 20])
    expect(new Set(folds)).toEqual(new Set([...Array(INNER_FOLDS).keys()]))
    expect(innerFolds(examples)).toEqual(folds)
  })
})

/** Whatever is said of a fold's own articles must not move their margins: thresholds are placed by these. */
describe('margins that were held out', () => {
  const random = seeded(6)
  const n = 30
  const width = 5
  const folds = innerFolds(Array.from({ length: n }, (_, i) => ({ group: i })))
  const features = Array.from({ length: n }, () => Array.from({ length: width }, () => random() - 0.5))
  const labels = features.map(([first = 0]) => (first > 0 ? 1 : -1))
  const turned = (fold: number): number[] => labels.map((label, i) => (folds[i] === fold ? -label : label))
  const inside = (margins: Float64Array, fold: number): number[] => [...margins].filter((_, i) => folds[i] === fold)

  /** Labels turned inside a fold change the margins of the others, never its own; and the margins tell the labels. */
  const expectOwnFoldUnseen = (margins: (of: readonly number[]) => Float64Array): void => {
    const plain = margins(labels)
    for (let fold = 0; fold < INNER_FOLDS; fold++) {
      const other = margins(turned(fold))
      expect(inside(other, fold)).toEqual(inside(plain, fold))
      expect(other).not.toEqual(plain)
    }
    const right = labels.filter((label, i) => label * (plain[i] ?? 0) > 0)
    expect(right.length).toBeGreaterThan(0.8 * n)
  }

  it('of relevance, tone and sensitivity do not depend on the labels of their own fold', () => {
    const rows: Rows = {
      start: Uint32Array.from({ length: n + 1 }, (_, i) => i * width),
      column: Uint32Array.from({ length: n * width }, (_, i) => i % width),
      value: Float32Array.from(features.flat()),
      columns: width,
    }
    const margins = (of: readonly number[]) => heldOut(rows, Int8Array.from(of), new Float32Array(n).fill(1), folds)
    expectOwnFoldUnseen(margins)
  })

  it('of topics do not depend on them either', () => {
    const gram = Float32Array.from(
      features.flatMap((a) => features.map((b) => a.reduce((sum, x, d) => sum + x * (b[d] ?? 0), 1))),
    )
    const examples = labels.map((_, i) => ({ item: item(`${i}`, '', '', { topics: [] }), group: i }))
    const margins = (of: readonly number[]) =>
      heldOutTopics(gram, examples, new Float32Array(n).fill(0.8), [Float64Array.from(of)])[0] ?? new Float64Array()
    expectOwnFoldUnseen(margins)
  })
})

/** Events written for this test, each told three times in other words. */
const EVENTS = [
  ['lũ quét', 'Nậm Lúc', '14'],
  ['cháy chợ', 'Phố Lu', '23'],
  ['mưa đá', 'Si Ma Cai', '310'],
  ['lật thuyền', 'Bảo Hà', '7'],
  ['sập mỏ đá', 'Cam Đường', '5'],
  ['ngộ độc nấm', 'Y Tý', '11'],
  ['rét hại', 'Ý Tý Thượng', '86'],
  ['dịch tả lợn', 'Văn Bàn', '1200'],
  ['sạt lở đèo', 'Ô Quy Hồ', '40'],
] as const
const tellings = ([what, place, number]: (typeof EVENTS)[number]): string[] => [
  `Đêm qua ${what} xảy ra tại ${place}, ${number} người phải rời khỏi nơi nguy hiểm. Lực lượng tại chỗ có mặt ngay.`,
  `Sau vụ ${what} ở ${place}, chính quyền hỗ trợ ${number} trường hợp; mỗi hộ nhận gạo, chăn màn và tiền mặt ban đầu.`,
  `Chủ tịch tỉnh xuống ${place} kiểm tra hiện trường ${what}, yêu cầu báo cáo nguyên nhân trước thứ sáu tuần này.`,
]

describe('folds of stories', () => {
  const FOLD = 2
  const named = (inFold: boolean): (() => string) => {
    let last = 0
    return () => {
      do last++
      while ((foldOf(`story-${last}`) === FOLD) !== inFold)
      return `story-${last}`
    }
  }
  const [own, others] = [named(true), named(false)]
  /** Seven stories of one fold, two of others. */
  const items: GoldItem[] = EVENTS.flatMap((event, i) => {
    const story = i < 7 ? own() : others()
    return tellings(event).map((told, part) => ({
      ...{ id: `${i}-${part}`, story, title: told.slice(0, 50), text: told, outlet: `báo ${part}` },
      published: new Date(Date.UTC(2025, 9, 1, i, part)).toISOString(),
    }))
  })

  it('judge a story by what was learned of others', () => {
    // The fold's own stories told wrongly: of each article that it is a story of its own.
    const lies = items.map((each) => (foldOf(each.story) === FOLD ? { ...each, story: own() } : each))
    const judged = (learned: GoldItem[]) => crossValidate(items, 'titles', shippedJudge, learned)
    const [honest, lied] = [judged(items), judged(lies)]
    expect(lied[FOLD]).toEqual(honest[FOLD])
    // What was told wrongly is learned in the other folds, where the right stories would be found.
    const [found, missed] = [honest, lied].map((folds) => new Set(folds[0]?.last).size)
    expect(found).toBe(EVENTS.length)
    expect(missed).toBeGreaterThan(EVENTS.length)
  })
})
