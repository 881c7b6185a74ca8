import { describe, expect, it } from 'vitest'
import { detectLanguage, languageCode } from '../pipeline/language.ts'

describe('detectLanguage', () => {
  it.each([
    ['vi', 'Lũ quét ở Lào Cai'],
    ['vi', 'Sạt lở, 2 người mất tích'],
    ['vi', 'lao cai lu quet'],
    ['vi', 'Tuyen cao toc Noi Bai - Lao Cai'],
    ['vi', 'Khởi công, khánh thành 250 công trình vào ngày 19/8'],
    ['vi', 'Bác sĩ nói gì về vụ việc tại phòng khám?'],
    ['vi', 'SA PA ĐÓN KHÁCH TRỞ LẠI'],
    ['en', 'Lao Cai flood kills three'],
    ['en', 'Vietnam: Nguyễn Phú Trọng re-elected as party chief'],
    ['en', 'Two hikers rescued near Fansipan after storm'],
    ['fr', 'Inondations à Lao Cai : trois morts'],
    ['fr', 'À Sa Pa, le tourisme reprend après le typhon'],
    ['de', 'Überschwemmungen in der Provinz Lao Cai'],
    ['es', 'Las inundaciones en Lao Cai dejan tres muertos'],
    ['zh', '老街省举行边境贸易会议'],
    ['zh', '越南老街省暴雨'],
    ['ja', 'ラオカイ省で洪水'],
    ['ja', 'サパの観光客が増加'],
    ['ko', '라오까이성 홍수로 3명 사망'],
    ['th', 'น้ำท่วมลาวกาย'],
    ['lo', 'ນໍ້າຖ້ວມທີ່ແຂວງລາວກາຍ'],
    ['ru', 'Наводнение в Лаокае'],
    ['uk', 'Повінь у провінції Лаокай забрала життя трьох людей'],
    ['km', 'ទឹកជំនន់នៅឡាវកាយ'],
    ['my', 'လောက်ကိုင်မြို့'],
    ['ar', 'فيضانات في مقاطعة لاو كاي شمال فيتنام'],
  ])('%s: %s', (language, text) => {
    expect(detectLanguage(text)).toBe(language)
  })

  it('lets the page decide only what the text leaves open', () => {
    expect(detectLanguage('老街省', 'ja')).toBe('ja')
    expect(detectLanguage('100', 'vi')).toBe('vi')
    expect(detectLanguage('100')).toBeNull()
    expect(detectLanguage('Banjir melanda provinsi, tiga orang meninggal dunia', 'id')).toBe('id')
    // A Vietnamese article on a page that declares English stays Vietnamese.
    expect(detectLanguage('Lũ quét ở Lào Cai làm ba người chết', 'en')).toBe('vi')
    expect(detectLanguage('The flood destroyed three bridges in the province last night.', 'vi')).toBe('en')
  })

  it('reads decomposed text', () => {
    expect(detectLanguage('Lũ quét ở Lào Cai làm ba người chết'.normalize('NFD'))).toBe('vi')
  })

  it('reads codes', () => {
    expect(languageCode('vi-VN')).toBe('vi')
    expect(languageCode('zh_CN')).toBe('zh')
    expect(languageCode('nb-NO')).toBe('no')
    expect(languageCode('english')).toBeNull()
    expect(languageCode(null)).toBeNull()
  })
})
