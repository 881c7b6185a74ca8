import { describe, expect, it } from 'vitest'
import { type DateOptions, parseDate } from '../pipeline/dates.ts'
import { dateFromUrl } from '../pipeline/extraction/url-date.ts'

const vn: DateOptions = { timezone: 'Asia/Ho_Chi_Minh', dateOrder: 'day-first' }
const us: DateOptions = { timezone: 'America/New_York', dateOrder: 'month-first' }
const zoned = (timezone: string, reference?: string): DateOptions => ({
  timezone,
  dateOrder: 'day-first',
  ...(reference === undefined ? {} : { reference }),
})
const cn = zoned('Asia/Shanghai')
const jp = zoned('Asia/Tokyo')
const kr = zoned('Asia/Seoul')
const paris = zoned('Europe/Paris')

/** Date lines as printed, what they mean, and how the outlet's dates read; day-only values are local midnight. */
const printed: readonly (readonly [string, string, DateOptions])[] = [
  ['Thứ Năm, 06:00, 08/10/2020', '2020-10-08T06:00+07:00', vn],
  ['1759295700', '2025-10-01T12:15+07:00', us],
  ['1759295700000', '2025-10-01T12:15+07:00', vn],
  ['Thứ 3, 19/12/2023 | 21:09', '2023-12-19T21:09+07:00', vn],
  ['Thứ ba, 05/12/2023 15:45', '2023-12-05T15:45+07:00', vn],
  ['Thứ tư, ngày 02/08/2023 14:13 PM (GMT+7)', '2023-08-02T14:13+07:00', vn],
  ['30/05/2024 13:26(Chinhphu.vn) - Ngày 30/5', '2024-05-30T13:26+07:00', vn],
  ['16:54, 16/09/2021', '2021-09-16T16:54+07:00', vn],
  ['05:39, 20/04/2021', '2021-04-20T05:39+07:00', vn],
  ['05:00, ngày 03-01-2025', '2025-01-03T05:00+07:00', vn],
  ['14/01/2025 lúc 08:32 (GMT+7)', '2025-01-14T08:32+07:00', vn],
  ['19/09/2016 10:10 GMT+7', '2016-09-19T10:10+07:00', vn],
  ['03:06 PM 13/12/2020 |   Lượt xem: 4186', '2020-12-13T15:06+07:00', vn],
  ['October 18, 2025 | 11:12 GMT +7', '2025-10-18T11:12+07:00', vn],
  ['Tuesday, December 27, 2016, 15:31 GMT+7', '2016-12-27T15:31+07:00', vn],
  ['December 26, 2016 | 03:03 am PT', '2016-12-26T03:03-08:00', vn],
  ['July 4, 2016 | 03:03 am PT', '2016-07-04T03:03-07:00', vn],
  ['Released at: 13:23, 19/08/2016', '2016-08-19T13:23+07:00', vn],
  ['10:46 (GMT +7) - Thursday 15/11/2018', '2018-11-15T10:46+07:00', vn],
  ['Wednesday, October 26, 2022', '2022-10-26T00:00+07:00', vn],
  ['Thứ hai, 05/01/2026 - 08:27', '2026-01-05T08:27+07:00', vn],
  ['Chủ nhật 08/03/2026 12:42', '2026-03-08T12:42+07:00', vn],
  ['Thứ tư, 17/04/2024', '2024-04-17T00:00+07:00', vn],
  ['Thứ hai,  19/08/2019', '2019-08-19T00:00+07:00', vn],
  ['05/10/2016 16:23 GMT+7', '2016-10-05T16:23+07:00', paris],
  ['星期五, 23/06/2023 | 15:30:14 [GMT +7]', '2023-06-23T15:30:14+07:00', vn],
  ['星期三, 09/10/2024 07:41 (GMT +7)', '2024-10-09T07:41+07:00', vn],
  ['2026年07月29日星期三', '2026-07-29T00:00+07:00', vn],
  ['Báo Công thươngBáo Công thương16/01/2025', '2025-01-16T00:00+07:00', vn],
  ['Việt NamViệt Nam12/04/2024', '2024-04-12T00:00+07:00', vn],
  ['ngày 8/1/2026', '2026-01-08T00:00+07:00', vn],
  ['Cập nhật lần cuối:23/10/2025', '2025-10-23T00:00+07:00', vn],
  ['23/05/201100:00:00(Xem: 5683)', '2011-05-23T00:00+07:00', vn],
  ['13-5-2011', '2011-05-13T00:00+07:00', vn],
  ['01.03.2013', '2013-03-01T00:00+07:00', vn],
  ['Fri. Jan 10th, 2025', '2025-01-10T00:00+07:00', vn],
  ['Date: 5/25/2023 2:07:47 PM', '2023-05-25T14:07:47+07:00', { ...vn, dateOrder: 'month-first' }],
  ['12 June 2012 | 10:20:00 AM', '2012-06-12T10:20+07:00', vn],
  ['(27/10/2022 07:46:AM )', '2022-10-27T07:46+07:00', vn],
  ['07:30 01/07/2025', '2025-07-01T07:30+07:00', vn],
  ['ngày 5 tháng 10 năm 2025', '2025-10-05T00:00+07:00', vn],
  ['14h30 ngày 05/10/2025', '2025-10-05T14:30+07:00', vn],
  ['2025年12月22日09:29 | 来源：人民网-国际频道', '2025-12-22T09:29+08:00', cn],
  ['2004年09月14日22:48 新华网', '2004-09-14T22:48+08:00', cn],
  ['2025-02-19 11:50:15丨Russian.News.Cn', '2025-02-19T11:50:15+08:00', cn],
  ['作者:吕向群 文/图 来源:玉溪日报 2017-09-15', '2017-09-15T00:00+08:00', cn],
  ['时间:2023-05-19 10:36:21 来源:', '2023-05-19T10:36:21+08:00', cn],
  ['发布时间 :2011-01-30', '2011-01-30T00:00+08:00', cn],
  ['2018-07-13 11:16:54 《旅游》', '2018-07-13T11:16:54+08:00', cn],
  ['2020-01-02 20:13:52 | 昆明热线', '2020-01-02T20:13:52+08:00', cn],
  ['(2011-04-13 12:01:33)', '2011-04-13T12:01:33+08:00', cn],
  ['發布時間：2019-03-19 18:56:37', '2019-03-19T18:56:37+08:00', cn],
  ['2025-02-21 22:00    來源：中國青年報', '2025-02-21T22:00+08:00', cn],
  ['(中央社記者方沛清河內22日專電)…1000322', '2011-03-22T00:00+08:00', zoned('Asia/Taipei')],
  ['更新時間 : 2021-05-18 03:03 GMT+08:00', '2021-05-18T03:03+08:00', zoned('Asia/Taipei')],
  ['中華民國114年10月5日', '2025-10-05T00:00+08:00', zoned('Asia/Taipei')],
  ['二〇二五年十月五日', '2025-10-05T00:00+08:00', cn],
  ['二○二五年十二月二十九日', '2025-12-29T00:00+08:00', cn],
  ['2015年09月18日', '2015-09-18T00:00+08:00', zoned('Asia/Taipei')],
  ['本報2015年9月18日中國，麗江訊，…報導', '2015-09-18T00:00+08:00', zoned('Asia/Taipei')],
  ['2024/09/16 14:25 JST配信', '2024-09-16T14:25+09:00', jp],
  ['[Tien Phong 16:54 15/09/2024 U]', '2024-09-15T16:54+07:00', vn],
  ['2016年09月28日付 VietnamPlus 紙', '2016-09-28T00:00+09:00', jp],
  ['更新日：2017年2月9日 (取材日：2015年10月21日)', '2017-02-09T00:00+09:00', jp],
  ['平成27年4月', '2015-04-01T00:00+09:00', jp],
  ['令和元年11月', '2019-11-01T00:00+09:00', jp],
  ['令和７年１０月５日', '2025-10-05T00:00+09:00', jp],
  ['出典:2024/09/10 VNEXPRESS提供', '2024-09-10T00:00+09:00', jp],
  ['2011年5月1日 星期日', '2011-05-01T00:00+08:00', cn],
  ['2024.09.09 오후 11:10', '2024-09-09T23:10+09:00', kr],
  ['2019년 04월 28일 15:26', '2019-04-28T15:26+08:00', cn],
  ['송고시간:2019-06-10 15:44:46', '2019-06-10T15:44:46+08:00', cn],
  ['2025.08.12 (화)', '2025-08-12T00:00+09:00', kr],
  ['(23.11.14일자)', '2023-11-14T00:00+09:00', kr],
  ['วันเสาร์ที่ 4 กรกฎาคม พ.ศ. 2558', '2015-07-04T00:00+07:00', zoned('Asia/Bangkok')],
  ['14 ก.พ. 2567', '2024-02-14T00:00+07:00', zoned('Asia/Bangkok')],
  ['Published September 11, 2024 | 10:50 AM', '2024-09-11T10:50+05:00', zoned('Asia/Karachi')],
  ['(APP - UrduPoint / Pakistan Point News - 11th Sep, 2024)', '2024-09-11T00:00+05:00', zoned('Asia/Karachi')],
  ['Nick Boulos, The Daily Telegraph, March 28, 2014', '2014-03-28T00:00-04:00', us],
  ['15 Oct 2015 11:12', '2015-10-15T11:12+07:00', vn],
  ['MONDAY, NOVEMBER 7, 2016', '2016-11-07T00:00+03:00', zoned('Asia/Kuwait')],
  ['11/7/2016', '2016-11-07T00:00-05:00', us],
  ['3/27/2019', '2019-03-27T00:00-04:00', us],
  ['Posted on 04/03/2019 9:15:53 AM PDT', '2019-04-03T09:15:53-07:00', us],
  ['01/08/2018 Washington D.C.', '2018-01-08T00:00-05:00', us],
  ['(Agenzia Fides 15/11/2014)', '2014-11-15T00:00+01:00', zoned('Europe/Rome')],
  ['Posted: Wednesday, 26 November 2008, 1:40 (EST)', '2008-11-26T01:40-05:00', us],
  ['By Bradley Gibson | December 15, 2022', '2022-12-15T00:00-05:00', us],
  ['December 19th 2022', '2022-12-19T00:00-05:00', us],
  ['Jun 27, 2011', '2011-06-27T00:00-04:00', us],
  ['Apr 05, 2008', '2008-04-05T00:00-04:00', us],
  ['Publié le 20 avril 2018 par Uneautreasie @damiiis', '2018-04-20T00:00+02:00', paris],
  ['Pékin, le 23 mai 1997', '1997-05-23T00:00+08:00', cn],
  ['Sapa: 7 - 11 octobre 2007', '2007-10-11T00:00+02:00', paris],
  ['08/06/2007', '2007-06-08T00:00+02:00', paris],
  ['Nitong Huwebes, Agosto 18, 2016', '2016-08-18T00:00+08:00', cn],
  ['(18 أغسطس / آب 2016)', '2016-08-18T00:00+03:00', zoned('Asia/Bahrain')],
  ['2 декабря 2024 г.', '2024-12-02T00:00+03:00', zoned('Europe/Minsk')],
  ['5. Oktober 2025, 14:05 Uhr', '2025-10-05T14:05+02:00', zoned('Europe/Berlin')],
  ['Do 25.04.24 | 14:07 Uhr', '2024-04-25T14:07+02:00', zoned('Europe/Berlin')],
  ['5 de octubre de 2025', '2025-10-05T00:00+02:00', zoned('Europe/Madrid')],
  ['2025-10-05T14:30:00Z', '2025-10-05T14:30:00Z', vn],
  ['2025-10-05T14:30:00.123+0700', '2025-10-05T14:30:00+07:00', cn],
  ['2025-10-05T14:30', '2025-10-05T14:30+07:00', vn],
  ['Sun, 05 Oct 2025 14:30:00 GMT', '2025-10-05T14:30:00Z', vn],
  ['Sun, 05 Oct 2025 14:30:00 +0700', '2025-10-05T14:30:00+07:00', cn],
]

/** Lines that lack the year or say a distance: what they mean on the day of fetching. */
const dependent: readonly (readonly [string, string, DateOptions])[] = [
  ['Yên Bai, 27 décembre (VNA) –', '2016-12-27T00:00+07:00', zoned('Asia/Ho_Chi_Minh', '2017-01-03T03:00:00.000Z')],
  ['Dans la matinée du 26 janvier', '2020-01-26T00:00+07:00', zoned('Asia/Ho_Chi_Minh', '2020-01-27T03:00:00.000Z')],
  ['Trưa 27.1', '2019-01-27T00:00+07:00', zoned('Asia/Ho_Chi_Minh', '2019-01-27T09:00:00.000Z')],
  ['trưa nay 24.7', '2019-07-24T00:00+07:00', zoned('Asia/Ho_Chi_Minh', '2019-07-24T09:00:00.000Z')],
  ['Chiều 5-8', '2019-08-05T00:00+07:00', zoned('Asia/Ho_Chi_Minh', '2019-08-06T09:00:00.000Z')],
  ['ngày 11-9', '2024-09-11T00:00+07:00', zoned('Asia/Ho_Chi_Minh', '2024-09-12T09:00:00.000Z')],
  ['Ngày 29/1', '2025-01-29T00:00+07:00', zoned('Asia/Ho_Chi_Minh', '2026-01-08T09:00:00.000Z')],
  ['中新社云南红河1月19日电 (陈静)', '2023-01-19T00:00+08:00', zoned('Asia/Shanghai', '2023-01-20T03:00:00.000Z')],
  ['新华网河内9月14日电', '2004-09-14T00:00+08:00', zoned('Asia/Shanghai', '2004-09-14T15:00:00.000Z')],
  ['人民网河内12月21日电', '2025-12-21T00:00+08:00', zoned('Asia/Shanghai', '2025-12-22T02:00:00.000Z')],
  ['香港中通社2月19日電', '2025-02-19T00:00+08:00', zoned('Asia/Hong_Kong', '2025-02-20T02:00:00.000Z')],
  ['VIETNAM, March 19 -', '2024-03-19T00:00+07:00', zoned('Asia/Ho_Chi_Minh', '2024-03-20T02:00:00.000Z')],
  ['2 декабря, Брест /Корр. БЕЛТА/.', '2024-12-02T00:00+03:00', zoned('Europe/Minsk', '2024-12-02T12:00:00.000Z')],
  ['Ханой, 19 февраля /Синьхуа/', '2025-02-19T00:00+08:00', zoned('Asia/Shanghai', '2025-02-19T12:00:00.000Z')],
  ['2 giờ trước', '2025-10-05T06:00:00Z', zoned('Asia/Ho_Chi_Minh', '2025-10-05T08:00:00.000Z')],
  ['3 hours ago', '2025-10-05T05:00:00Z', zoned('Asia/Ho_Chi_Minh', '2025-10-05T08:00:00.000Z')],
  ['il y a 20 minutes', '2025-10-05T07:40:00Z', zoned('Europe/Paris', '2025-10-05T08:00:00.000Z')],
  ['5小时前', '2025-10-05T03:00:00Z', zoned('Asia/Shanghai', '2025-10-05T08:00:00.000Z')],
  ['3시간 전', '2025-10-05T05:00:00Z', zoned('Asia/Seoul', '2025-10-05T08:00:00.000Z')],
  ['Hôm qua, 14:30', '2025-10-04T14:30+07:00', zoned('Asia/Ho_Chi_Minh', '2025-10-05T08:00:00.000Z')],
  ['hôm nay 07:15', '2025-10-05T07:15+07:00', zoned('Asia/Ho_Chi_Minh', '2025-10-05T08:00:00.000Z')],
]

const iso = (text: string): string => new Date(text).toISOString()

describe('parseDate', () => {
  it.each(printed)('reads %s', (text, expected, options) => {
    expect(parseDate(text, options)?.instant).toBe(iso(expected))
  })

  it.each(dependent)('reads %s against the day of fetching', (text, expected, options) => {
    expect(parseDate(text, options)?.instant).toBe(iso(expected))
    expect(parseDate(text, { ...options, reference: null })).toBeNull()
  })

  it('says that years and months ago are coarse', () => {
    const parsed = parseDate('5 năm trước', zoned('Asia/Ho_Chi_Minh', '2024-04-17T05:00:00.000Z'))
    expect(parsed).toMatchObject({ precision: 'coarse', kind: 'relative' })
    expect(parsed?.instant.slice(0, 4)).toBe('2019')
  })

  it.each([
    '',
    'Lượt xem: 4186',
    'ngày 29 lúc 10 giờ',
    '十九日',
    '(法新社河内29日电)',
    'tỷ số 3-1',
    '45/13/2025',
    '30/02/2025',
    'điện thoại 0214.3820.123',
    'Quốc lộ 4D',
  ])('finds no date in "%s"', (text) => {
    expect(parseDate(text, vn)).toBeNull()
  })

  it('steps back a year when a day without one would lie in the future', () => {
    expect(parseDate('ngày 30/12', zoned('Asia/Ho_Chi_Minh', '2026-01-02T00:00:00.000Z'))?.instant).toBe(
      iso('2025-12-30T00:00+07:00'),
    )
  })

  it('reads the other order when the outlet’s own is no date', () => {
    expect(parseDate('05/25/2023', vn)?.instant).toBe(iso('2023-05-25T00:00+07:00'))
  })

  it('hands over the clock reading besides the instant of a printed zone', () => {
    const parsed = parseDate('2025-10-05T14:30:00Z', vn)
    expect(parsed).toMatchObject({ zone: 'printed', wallClock: '2025-10-05T07:30:00.000Z' })
  })

  it('knows summer time of the outlet’s zone', () => {
    expect(parseDate('29/03/2026 12:00', paris)?.instant).toBe('2026-03-29T10:00:00.000Z')
    expect(parseDate('28/03/2026 12:00', paris)?.instant).toBe('2026-03-28T11:00:00.000Z')
  })
})

describe('dateFromUrl', () => {
  it.each([
    ['https://a.example/tin-20251006174455559.htm', '2025-10-06T17:44:55+07:00'],
    ['https://a.example/news-20240913111702920', '2024-09-13T11:17:02+07:00'],
    ['https://a.example/x-169230812121307264.htm', '2023-08-12T12:13:07+07:00'],
    ['https://a.example/x-188230519062523058.chn', '2023-05-19T06:25:23+07:00'],
    ['https://a.example/news/240912172045.html', '2024-09-12T17:20:45+07:00'],
    ['https://a.example/news/200810183819-pic1.html', '2020-08-10T18:38:19+07:00'],
    ['https://a.example/n1/2025/1222/c1002-40629416.html', '2025-12-22T00:00+07:00'],
    ['https://a.example/a/170819113316010.html', '2017-08-19T11:33:16+07:00'],
    ['https://a.example/news/IG2023112700006349.shtml', '2023-11-27T00:00+07:00'],
    ['https://a.example/20240617/99900.html', '2024-06-17T00:00+07:00'],
    ['https://a.example/t20230401_41700.html', '2023-04-01T00:00+07:00'],
    ['https://a.example/c/2024-12-11/1.shtml', '2024-12-11T00:00+07:00'],
    ['https://a.example/article/2024090972495', '2024-09-09T00:00+07:00'],
    ['https://a.example/view/?id=NISX20240912_0002886', '2024-09-12T00:00+07:00'],
    ['https://a.example/protests-01122016142102.html', '2016-01-12T14:21:02+07:00'],
    ['https://a.example/view.php?id=1447513452172', '2015-11-14T15:04:12.172Z'],
    ['https://a.example/trans/News20161031_211605.html', '2016-10-31T21:16:05+07:00'],
    ['https://a.example/2019/01/08/persecution', '2019-01-08T00:00+07:00'],
    ['https://a.example/news/2023/apr/28/budget/', '2023-04-28T00:00+07:00'],
  ])('reads %s', (url, expected) => {
    expect(dateFromUrl(url, 'Asia/Ho_Chi_Minh')?.instant).toBe(iso(expected))
  })

  it.each([
    'https://a.example/lu-quet-post397110.html',
    'https://a.example/tin-5043470.html',
    'https://a.example/item/7297102-bai-viet.html',
    'https://a.example/terriennes/article-2924',
    'https://a.example/2025/10/',
    'https://a.example/99999999.html',
    'not a url',
  ])('takes no running number for a date: %s', (url) => {
    expect(dateFromUrl(url, 'Asia/Ho_Chi_Minh')).toBeNull()
  })
})
