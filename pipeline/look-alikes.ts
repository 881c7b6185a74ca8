import type { Place } from '../profiles/schema.ts'
import { isWordCode, UPPER } from './fold.ts'
import type { Look } from './homographs.ts'
import { opensPersonName, opensPersonNameAbroad } from './person-names.ts'

/**
 * What a name of the province is when it is no place of the province, as far as the words and the print around it tell
 * without a rule of the profile: a street, a firm, a nickname, a person, an acronym.
 */

const STREET_BEFORE = /(?:^|[^\p{L}])(?:(?<!thanh )pho|ngo|ngach|hem|duong pho|dai lo) $/u
/** `Gia Phú, 36 tuổi`; `Bảo Yên (sinh năm 1990`. */
const AGE_AFTER = /^(?:, ?| ?\()(?:\d{1,2} tuoi|sinh nam|sn \d|sn:? ?\d)/

/** `công ty Sapa Hưng Yên`, `chung cư Bắc Hà`: a firm or a building. */
const FIRM_BEFORE =
  /(?:^|[^\p{L}])(?:cong t[iy]|cty|tap doan|ctcp|co phieu|ngan hang|chung cu|toa nha|khu do thi|kdt|nha nghi|dai hoc|dh|quoc te) $/u
/** `được ví như Sa Pa`, `được ví là "Sa Pa`. */
const NICKNAME_BEFORE = /(?:^|[^\p{L}])(?:vi nhu|duoc vi la) ["']?$/u
/** `Sa Pa của Đồng Nai`, `Sa Pa thu nhỏ`. */
const NICKNAME_AFTER = /^["']? (?:cua|thu nho|thu hai)(?= |["',.;)])/
/** `Yen Bai Street`, `イエンバイ通り`; `rue Yen Bai`, `улица Йен Бай`. */
const FOREIGN_STREET_AFTER = /^(?:-?strasse|通り|路(?= ?\d|[一二三四五六七八九十]段)|街(?= ?\d+号))/u
/** In capitals, unless it is a province: `a Sapa street` is one of the town. */
const FOREIGN_STREET_NAME_AFTER = /^ (?:street|st\.|avenue|lane|alley)(?![a-z])/
/** Said of a province alone: `사파 거리` are the streets of Sa Pa. */
const PROVINCE_STREET_AFTER = /^ ?거리(?![가-힣]*(?:두기|감))/u
const FOREIGN_STREET_BEFORE = /(?:^|[^\p{L}])(?:rue|avenue|calle|via|улиц[аеуы]|ถนน) ?$/u
const ACRONYM = 'letters of an acronym'
export const PERSON = "a person's name"
export const STREET = 'a street'
/** `đường Yên Bái` is a street of some town, `đường Yên Bái - Khe Sang` a road of the province. */
const ROAD_BEFORE = /(?:^|[^\p{L}])duong $/u
const ROAD_GOES_ON = /^ ?-|^ (?:di|den|toi|ve) /

export const isProvince = (place: Place | null): boolean =>
  place?.kind === 'province' || place?.kind === 'former-province'

/** What the name is instead, or null. */
export function lookAlike(look: Look): string | null {
  const { found, place, field } = look
  const { text } = field.scan.folded
  const before = text.slice(Math.max(0, found.start - 24), found.start)
  const after = text.slice(found.end, found.end + 24)
  if (STREET_BEFORE.test(before)) return STREET
  if (look.context.foreign) {
    if (isForeignStreet(look, before, after)) return STREET
    if (isAcronym(look)) return ACRONYM
    if (isInPersonName(look)) return PERSON
  }
  if (isProvince(place)) return ROAD_BEFORE.test(before) && !ROAD_GOES_ON.test(after) ? STREET : null
  if (FIRM_BEFORE.test(before)) return 'a firm or a building'
  if (NICKNAME_BEFORE.test(before) || isNickname(look, after)) return 'a nickname of another place'
  if (isInPersonName(look) || AGE_AFTER.test(after)) return PERSON
  return null
}

function isForeignStreet({ found, place, field }: Look, before: string, after: string): boolean {
  const isName = ((field.scan.folded.marks[found.end + 1] ?? 0) & UPPER) !== 0
  return (
    FOREIGN_STREET_AFTER.test(after) ||
    FOREIGN_STREET_BEFORE.test(before) ||
    ((isName || isProvince(place)) && FOREIGN_STREET_NAME_AFTER.test(after)) ||
    (isProvince(place) && PROVINCE_STREET_AFTER.test(after))
  )
}

/** `Sa Pa thu nhỏ`, or `Sa Pa của` with a place elsewhere at once. */
function isNickname({ found, next }: Look, after: string): boolean {
  const words = NICKNAME_AFTER.exec(after)
  if (!words) return false
  const other = next.get(found)
  const soon = other !== undefined && other.elsewhere !== null && other.start - found.end - words[0].length < 8
  return !words[0].endsWith('cua') || soon
}

/** The name ends a run of capitalised words that opens with a family name: `Trần Bắc Hà`. */
function isInPersonName({ found, field, context }: Look): boolean {
  const { text, marks } = field.scan.folded
  if (!isWordCode(text.charCodeAt(found.start))) return false
  let start = found.start
  for (let words = 0; words < 3; words++) {
    if (text[start - 1] !== ' ') break
    let left = start - 1
    while (left > 0 && isWordCode(text.charCodeAt(left - 1))) left--
    if (left === start - 1 || !((marks[left] ?? 0) & UPPER)) break
    start = left
  }
  const opens = context.foreign ? opensPersonNameAbroad : opensPersonName
  return start < found.start && opens(field, start, found.start)
}

/** `Lao CAI`, or `SAPA` in the middle of a sentence; `SAPA, Vietnam —` is a date line, and a title may be all capitals. */
function isAcronym({ found, field }: Look): boolean {
  const { text, marks } = field.scan.folded
  const words = [...text.slice(found.start, found.end).matchAll(/[a-z]+/g)]
  const isUpper = (from: number, to: number): boolean => {
    for (let i = from; i < to; i++) if (!((marks[i] ?? 0) & UPPER)) return false
    return true
  }
  const upper = words.filter((word) => {
    const from = found.start + word.index
    return word[0].length > 1 && isUpper(from, from + word[0].length)
  }).length
  if (words.length === 0 || upper === 0) return false
  if (upper < words.length) return true
  const next = /[a-z]{3,}/.exec(text.slice(found.end))
  const last = [...text.slice(0, found.start).matchAll(/[a-z]{3,}/g)].at(-1)
  if (next && isUpper(found.end + next.index, found.end + next.index + next[0].length)) return false
  if (!next && last && isUpper(last.index, last.index + last[0].length)) return false
  const opens = found.start === 0 || /[\n.(] ?$/.test(text.slice(0, found.start))
  return !(opens || /^ ?(?:,|\(|-)/.test(text.slice(found.end, found.end + 3)))
}
