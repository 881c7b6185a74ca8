import type { Instant } from '../../model.ts'
import { type DateOptions, parseDate } from '../dates.ts'
import { asideTags } from './layout.ts'
import type { Candidate } from './structured.ts'
import { attribute, collapse, rawText, type Tree } from './tree.ts'

export interface PrintedDates {
  readonly published: readonly Candidate[]
  readonly modified: readonly Candidate[]
}

const updateWords =
  /cập nhật|sửa (?:đổi|lúc)|updated|last modified|revised|aktualisiert|mis à jour|modifié|mise à jour|actualizad|aggiornat|atualizad|обновлен|更新|修改|수정|업데이트|แก้ไข|ອັບເດດ|oppdatert|uppdaterad|päivitetty|zaktualizowano|güncelle/iu
const publishWords =
  /đăng|xuất bản|phát hành|published|posted|released|publié|veröffentlicht|publicad|pubblicat|опубликован|发布|發布|发表|時間|时间|掲載|配信|公開|등록|입력|송고|승인|เผยแพร่|publisert|publicerad|julkaistu|opublikowano/iu
const label =
  /^(?:ngày (?:đăng|phát hành|xuất bản|cập nhật)|đăng (?:ngày|lúc)|date|datum|fecha|data|дата|published(?: on)?|posted(?: on)?|发布时间|發布時間|时间|時間|日期|公開日|掲載日|등록일?|입력|승인)\s*[:：]?\s/iu
const hasDate =
  /\d{1,4}.{0,4}[-/.年년]|\d{4}|\d ?(?:tháng|月|월)|(?:trước|ago|前|전|назад)|vor \d|il y a|hace \d|hôm|yesterday|昨|어제/iu
const weekday =
  /^\W{0,3}(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|cn|mon|tue|wed|thu|fri|sat|sun|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|星期|周|週|今天|понедельник|вторник|сред|четверг|пятниц|суббот|воскресен)/iu
const related =
  /(?:^|[\s_-])(?:related|relate|lien-?quan|tin-?khac|sidebar|most|popular|trending|recommend\w*|teaser|comments?|binh-?luan|footer|nav|menu)(?:$|[\s_-])/

/** Elements in or below which a date belongs to something else: other articles, comments, the page's head. */
function foreignPlaces(tree: Tree): Uint8Array {
  const foreign = new Uint8Array(tree.nodes.length)
  for (const [index, node] of tree.nodes.entries()) {
    const above = node.parent >= 0 && foreign[node.parent] === 1
    const own =
      (asideTags.has(node.tag) && node.tag !== 'header' && node.tag !== 'address') ||
      (node.tag !== 'body' && related.test(node.hint))
    foreign[index] = above || own ? 1 : 0
  }
  return foreign
}

/** Index of the block that holds the headline, or -1. */
function headlineBlock(tree: Tree, title: string | null): number {
  const bare = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
  const wanted = title === null ? '' : bare(title)
  let h1 = -1
  let within = -1
  for (const [index, block] of tree.blocks.entries()) {
    if (wanted.length > 5 && block.text.length < wanted.length * 2 + 40) {
      const own = bare(block.text)
      if (own === wanted) return index
      if (within < 0 && wanted.length > 15 && own.includes(wanted)) within = index
    }
    if (h1 < 0 && tree.nodes[block.node]?.tag === 'h1') h1 = index
  }
  return within >= 0 ? within : h1
}

/**
 * A line with a weekday above the headline is the page's own clock when it shows the moment of fetching, or stands far
 * above; a stamp directly above the headline that names another time is the article's.
 */
function isPageClock(text: string, above: number, options: DateOptions, fetchedAt: Instant | null): boolean {
  if (above <= 0 || !weekday.test(text)) return false
  const date = parseDate(text, options)
  if (date === null || fetchedAt === null) return above > 3
  const age = Date.parse(fetchedAt) - Date.parse(date.instant)
  if (age > 26 * 3_600_000) return false
  return date.precision === 'day' || above > 3 || Math.abs(age) < 20 * 60_000
}

/**
 * Dates that the page shows for its article: `time` elements, then short lines around the headline; the page's clock,
 * other articles' dates and datelines in the text are left out. Lines that speak of an update go to `modified`.
 */
export function findPrintedDates(
  tree: Tree,
  title: string | null,
  options: DateOptions,
  fetchedAt: Instant | null,
): PrintedDates {
  const published: Candidate[] = []
  const modified: Candidate[] = []
  const foreign = foreignPlaces(tree)
  const indexOf = new Map(tree.nodes.map((node, index) => [node.element, index]))
  for (const element of tree.times.slice(0, 12)) {
    const index = indexOf.get(element)
    if (index !== undefined && foreign[index] === 1) continue
    const own = `${element.attribs.class ?? ''} ${element.attribs.itemprop ?? ''} ${rawText(element).slice(0, 100)}`
    const value = attribute(element, 'datetime') ?? collapse(rawText(element))
    if (/modif|updat/i.test(own) || updateWords.test(own)) modified.push({ value, by: 'time' })
    else published.push({ value, by: 'time' })
  }
  const headline = headlineBlock(tree, title)
  const from = Math.max(0, headline - 8)
  const to = Math.min(tree.blocks.length, (headline < 0 ? 0 : headline) + 16)
  const near: { value: string; rank: number; update: boolean }[] = []
  for (let at = from; at < to; at += 1) {
    const block = tree.blocks[at]
    if (!block || at === headline || block.text.length > 180 || !hasDate.test(block.text)) continue
    if (block.node >= 0 && foreign[block.node] === 1) continue
    if (isPageClock(block.text, headline - at, options, fetchedAt)) continue
    const [first = '', second = ''] = block.text.split(updateWords)
    const update = updateWords.test(block.text)
    const distance = Math.abs(at - headline) + (at < headline ? 6 : 0)
    // "Published … | Updated …" on one line holds both.
    if (update && /\d{3}|\d[/.-]\d/.test(first)) {
      near.push({ value: first, rank: distance - 4, update: false }, { value: second, rank: distance, update: true })
    } else
      near.push({
        value: block.text,
        rank: distance - (publishWords.test(block.text) ? 4 : 0) + Math.max(0, block.text.length - 40) / 10,
        update,
      })
  }
  // "Datum: 28.04.2023" under the text: a line that says what it is counts wherever it stands.
  for (const block of tree.blocks) {
    if (
      block.text.length < 70 &&
      label.test(block.text) &&
      hasDate.test(block.text) &&
      !(block.node >= 0 && foreign[block.node] === 1)
    )
      near.push({ value: block.text, rank: 2, update: updateWords.test(block.text) })
  }
  near.sort((a, b) => a.rank - b.rank)
  for (const { value, update } of near) (update ? modified : published).push({ value, by: 'page' })
  return { published, modified }
}
