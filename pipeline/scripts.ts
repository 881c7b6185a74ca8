/**
 * Katakana and Hangul put no space between a short name and what follows: `サパ` stands in `サパティスタ`, `사파` in
 * `사파이어` and `박하` (Bắc Hà) in `박하차`. A short name is whole when only words follow that go with a place's name.
 */

/** The middle dot and the double hyphen part words. */
const isKatakana = (code: number): boolean => (code >= 0x30a1 && code <= 0x30fa) || code === 0x30fc
const isHangul = (code: number): boolean => code >= 0xac00 && code <= 0xd7a3

/** Names of three katakana or two Hangul syllables and fewer; longer ones stand in no other word. */
const SHORT_KATAKANA = 3
const SHORT_HANGUL = 2

const KATAKANA_AFTER =
  /^(?:ツアー|ツーリズム|ホテル|リゾート|トレッキング|トレック|タウン|シティ|エリア|マーケット|バス|ロープウ|ケーブル|マラソン|ウルトラ|マウンテン|ステーション|スタイル|カフェ|ホームステイ|レジェンド|グランド)/

const NOUNS =
  '성|시|현|군|읍|면|사|마을|지역|지방|지구|주민|주|역|공항|터미널|시내|시장|시티|타운|여행|여행기|여행지|여행객|관광|관광지|관광객|투어|트레킹|호텔|리조트|숙소|카페|맛집|국경|국경검문소|행|산|고원|계곡|고산지대|호|호수|댐|논|다랑논|계단식|일대|인근|근교|주변|방면|출신|당국|정부|버스|열차|기차|맛|밤|날씨|일요시장|선데이마켓|케이블카'
const PARTICLES =
  '은|는|이|가|을|를|에|의|로|와|과|도|만|랑|서|서는|서도|에서|에서는|에서도|에서의|에는|에도|에만|에선|에서만|엔|로는|로의|까지|까지는|부터|보다|처럼|마저|조차|라는|라고|란|다|이다|이며|이고|인|인데|였다|든|나|이나|라도|하고|뿐|뿐만|에게|께|으로|으로는|이라는|이라고|이란'
const HANGUL_AFTER = new RegExp(`^(?:${NOUNS}){0,2}(?:들)?(?:${PARTICLES})?$`, 'u')

/** The rest of a run of one script from `at` on. */
function runFrom(text: string, at: number, belongs: (code: number) => boolean): string {
  let end = at
  while (end < text.length && belongs(text.charCodeAt(end))) end++
  return text.slice(at, end)
}

/** Whether the stretch, if it is a short name in katakana or Hangul, is a word of its own and no part of a longer one. */
export function isWholeName(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start)
  const last = text.charCodeAt(end - 1)
  if (isKatakana(first) && isKatakana(last) && end - start <= SHORT_KATAKANA) {
    if (start > 0 && isKatakana(text.charCodeAt(start - 1))) return false
    const after = runFrom(text, end, isKatakana)
    return after === '' || KATAKANA_AFTER.test(after)
  }
  if (isHangul(first) && isHangul(last) && end - start <= SHORT_HANGUL) {
    if (start > 0 && isHangul(text.charCodeAt(start - 1))) return false
    return HANGUL_AFTER.test(runFrom(text, end, isHangul))
  }
  return true
}
