import { isAfterword, isDateLine, isFileName, isSeeAlso, isWidget, opensOtherArticles } from './labels.ts'
import type { Destination } from './links.ts'
import { findRelated, headlinesAtEnd, isHeadline } from './related.ts'

/** A paragraph of an article with what its mark-up says of it. */
export interface Paragraph {
  readonly text: string
  /** Share of the text within links, 0 to 1. */
  readonly linked: number
  /** Where its links lead; null where hardly any of it is linked. */
  readonly leads: Destination | null
  readonly tag: string
  /** Not part of the article, kept only because it may open a list of other articles. */
  readonly marker?: boolean
  /** What holds it: paragraphs of one text share theirs; empty where the text came without mark-up. */
  readonly holder: string
}

/** Where a reprint came from, at the end: "Theo TTXVN", "Nguồn: Báo Lào Cai". */
const source =
  /^\(?(?:theo|nguồn|nguồn tin|nguồn ảnh|source|sources|quelle|来源|來源|出典|출처)\s*[:：]?\s*(?:[\p{Lu}\p{N}"“(]|https?:)[^.!?]{0,70}\)?\.?$/u
const editor =
  /^[(（【[]?\s*(?:责任编辑|責任編輯|编辑|編輯|责编|記者|기자|biên tập|bt|người viết|thực hiện|bài(?: và|,) ảnh|tin, ảnh|ảnh|video|clip|đồ họa)\s*[:：].{0,60}$/iu
/** A notice of rights; a sentence about somebody's copyright is none. */
const credit =
  /^(?:copyright|bản quyền (?:thuộc|của))|무단\s?전재|재배포\s?금지|all rights reserved|©|copyright (?:\(c\)|\d{4})|cấm sao chép|ghi rõ nguồn|转载请注明|未经(?:书面)?授权[，,]?(?:不得|禁止|请勿|严禁)/iu

const tokensOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
export const bare = (text: string): string => tokensOf(text).join(' ')

const endsSentence = (text: string): boolean => /[.!?…。！？:"”’»)）」』]$/u.test(text)

/** "Nguyễn Văn A", "THU HÀ - MINH ĐỨC", "PV/TTXVN": at most eight capitalised words and no end mark. */
export function looksLikeName(text: string): boolean {
  if (text.length > 60 || /[.!?…:;"“”\d]/u.test(text.replace(/\.$/, ''))) return false
  const words = text.split(/[\s\-–/,&|()]+/u).filter((word) => word !== '')
  if (words.length === 0 || words.length > 8) return false
  return words.every((word) => /^(?:\p{Lu}[\p{L}\p{M}.]*|và|and|et|và)$/u.test(word))
}

function isNoise(paragraph: Paragraph, title: string | null, byline: string | null): boolean {
  const { text, linked } = paragraph
  if ((isWidget(text) && !/^t[dh]$/.test(paragraph.tag)) || isFileName(text) || editor.test(text)) return true
  if (text.length < 160 && credit.test(text)) return true
  if (/^[^\p{L}\p{N}]+$/u.test(text)) return true
  const own = bare(text)
  if (title !== null && own === bare(title)) return true
  if (byline !== null && own !== '' && own === bare(byline)) return true
  return isSeeAlso(text) && (linked > 0.3 || text.length < 60)
}

/** "TTO - ", "(NLĐO) – ", "VOV.VN - ": the on-line desk names itself before the first sentence. */
const masthead = /^[([]?(?:\p{Lu}{2,5}O|[\p{L}\d]+\.(?:vn|VN|com))[)\]]?\s*[-–—]\s*(?=["“'‘]?\p{Lu})/u

/** Takes the outlet's own name, where it is set before the first sentence, away; a place's (the dateline) stays. */
export function withoutMasthead(text: string, outletName: string | null): string {
  const rest = text.replace(masthead, '')
  if (rest !== text || outletName === null) return rest
  const name = /^[([]?(.{2,40}?)[)\]]?\s*[-–—]\s+(?=["“'‘]?[\p{Lu}\p{N}])/u.exec(text)
  const isOwn = name !== null && bare(name[1] ?? '') === bare(outletName)
  return isOwn ? text.slice(name[0].length) : text
}

export interface Cleaned {
  readonly paragraphs: readonly string[]
  /** The name that stood alone under the text. */
  readonly signature: string | null
}

/**
 * Takes out of an article's paragraphs what outlets put between and after them: labels of players and share bars,
 * related links ("Xem thêm", "Đọc thêm", lists of headlines), the repeated title, captions' file names, editors, sources
 * ("Theo …") and the signature, which is handed back for the byline.
 */
export function cleanParagraphs(
  paragraphs: readonly Paragraph[],
  title: string | null,
  byline: string | null,
): Cleaned {
  const words = paragraphs.map(({ text, marker }) => (marker ? 0 : tokensOf(text).length))
  const total = words.reduce((sum, count) => sum + count, 0)
  const related = findRelated(paragraphs)
  const tail = headlinesAtEnd(paragraphs)
  /** Of each holder the last paragraph of prose. */
  const lastProse = new Map<string, number>()
  for (const [index, { holder }] of paragraphs.entries()) if ((words[index] ?? 0) >= 10) lastProse.set(holder, index)
  /** The last paragraph beside one already read. */
  let textEnd = -1
  const kept: string[] = []
  let passed = 0
  let inLinks = false
  for (const [index, paragraph] of paragraphs.entries()) {
    const { text } = paragraph
    const opensOthers = opensOtherArticles(text)
    if (passed > total * 0.4 && (opensOthers || (!paragraph.marker && isAfterword(text)))) {
      // A box within the text ends nothing: what follows it stands beside what went before.
      if (textEnd <= index) break
      inLinks = opensOthers
      continue
    }
    if ((words[index] ?? 0) >= 10) textEnd = Math.max(textEnd, lastProse.get(paragraph.holder) ?? -1)
    if (paragraph.marker) {
      inLinks = opensOthers
      continue
    }
    passed += words[index] ?? 0
    // After "Xem thêm:" alone on its line, the links under it go too; at the end, or without mark-up, all headlines.
    if (inLinks && (paragraph.linked > 0.6 || (isHeadline(text) && (index >= tail || paragraph.holder === ''))))
      continue
    inLinks = isSeeAlso(text) && text.length < 60
    // A date under the headline is not text; a date in a table further down is.
    if (kept.length < 3 && text.length < 70 && isDateLine(text)) continue
    if (!related.has(index) && !isNoise(paragraph, title, byline)) kept.push(text)
  }
  let signature: string | null = null
  for (let rounds = 0; rounds < 4 && kept.length > 1; rounds += 1) {
    const last = kept.at(-1) ?? ''
    if (source.test(last)) kept.pop()
    else if (signature === null && looksLikeName(last) && endsSentence(kept.at(-2) ?? '')) {
      signature = last
      kept.pop()
    } else break
  }
  return { paragraphs: kept, signature }
}
