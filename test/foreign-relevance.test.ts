import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { RelevanceLevel } from '../model.ts'
import { type Assessor, createAssessor } from '../pipeline/assess.ts'
import { isWholeName } from '../pipeline/scripts.ts'
import { loadProfile } from '../profiles/load.ts'

const root = join(import.meta.dirname, '..')
let assessor: Assessor

beforeAll(async () => {
  const profile = await loadProfile(join(root, 'profiles/lao-cai'), join(root, 'crawlers/outlets'))
  assessor = createAssessor({ profile })
}, 60_000)

async function levelOf(
  language: string | null,
  title: string,
  text: string,
  outletId: string | null = null,
): Promise<RelevanceLevel> {
  const article = { id: 'sample', title, lead: null, text, outletId, language, published: null }
  return (await assessor.assess(article)).relevance.level
}

/** Sample articles written by us: persons, firms and events are invented. */
const samples: readonly (readonly [language: string, level: RelevanceLevel, title: string, text: string])[] = [
  [
    'en',
    'none',
    'Zapatista-style market',
    'Sapa Sapa, an island of Tawi-Tawi in the Philippines, has a new pier. Fishermen say boats from Sabah no longer stop there.',
  ],
  [
    'en',
    'main',
    'Vietnam typhoon: village wiped out',
    'LAO CAI, Vietnam (AP) — Rescuers on Wednesday pulled bodies from the mud in Lang Nu, a hamlet of 37 families. At least 30 people were killed. Dozens are missing.',
  ],
  [
    'en',
    'main',
    'Landslide kills 7',
    'SAPA, VIETNAM - Seven people died when a hillside collapsed in the tourist town of Sapa. Rain is expected to go on.',
  ],
  [
    'en',
    'mention',
    'Typhoon Yagi death toll passes 140 in Vietnam',
    'Typhoon Yagi and the floods it set off have killed 141 people in Vietnam, the government said on Tuesday. In Cao Bang, a bus was swept away. Hanoi evacuated thousands from the banks of the Red River. A flash flood in Lao Cai province killed at least 22 people. Factories in Hai Phong lost power, and in Thai Nguyen water rose to the roofs. Quang Ninh counted 8,000 damaged houses.',
  ],
  [
    'en',
    'none',
    'SAPA opens new office in Cape Town',
    'SAPA, the South African Press Association, opened an office. Its editor said SAPA would hire ten reporters.',
  ],
  [
    'en',
    'none',
    'Portuguese surfer wins',
    'Maria Chapa won the junior final in Nazaré on Saturday. Chapa scored nine points in her last wave.',
  ],
  [
    'en',
    'main',
    'The tea trees of Suoi Giang',
    'At 1,400 metres, in the former Yen Bai province, Hmong families climb trees that are three hundred years old. Their tea sells in Paris. A kilo brings 200 dollars.',
  ],
  [
    'en',
    'none',
    'Old Cai retires',
    'Lao Cai, as the workers call their boss Cai Guoqing, has retired after 40 years in the factory in Kunming. Yunnan officials attended the party.',
  ],
  [
    'en',
    'none',
    'My Hanoi kitchen in Portland',
    'Sapa Kitchen is a Vietnamese restaurant run by a family from Hue. The pho is good; the coffee better.',
  ],
  [
    'en',
    'none',
    'Banker Tran Bac Ha dies in custody',
    'Tran Bac Ha, former chairman of BIDV, has died in custody, Vietnamese police said. Ha was arrested in 2018.',
  ],
  [
    'en',
    'mention',
    'Vietnamese woman, 23, found dead in Taichung',
    'The victim, who came from Yen Bai province in northern Vietnam, had worked in a factory for two years. Police questioned her roommate. A post-mortem is due on Friday.',
  ],
  [
    'en',
    'main',
    "Yen Bai's star fruit wine goes abroad",
    'A cooperative in Yen Bai has shipped its first bottles to Japan. The drink is made by Tay women. Orders have doubled.',
  ],
  [
    'en',
    'mention',
    'Twelve night trains worth the lost sleep',
    'From the Caledonian Sleeper to the line between Hanoi and Lao Cai, we rank the best beds on rails. Bring earplugs. In Thailand, choose the lower berth.',
  ],
  [
    'en',
    'main',
    'Vietnam to build Sapa airport',
    'The government approved a plan on Monday for an airport that would serve the resort of Sapa. It will be built by private investors in Lao Cai for 300 million dollars. Flights from Hanoi would take half an hour.',
  ],
  [
    'en',
    'none',
    'Cable car at Ba Na Hills',
    "Da Nang's cable car has carried its ten-millionth guest. The operator also runs lines at Phu Quoc and Ha Long.",
  ],
  [
    'en',
    'mention',
    'Sun Group plans theme park in Da Nang',
    'Sun Group will build a theme park in Da Nang. The company, which also runs the Fansipan cable car and resorts on Phu Quoc, said it would open in 2028. Some 5,000 jobs are promised.',
  ],
  [
    'en',
    'main',
    'Chinese and Vietnamese police break up scam ring',
    "Police in Yunnan and in Vietnam's Lao Cai arrested 41 people who ran online scams. The suspects were handed over at the Hekou border gate. More arrests are expected.",
  ],
  [
    'en',
    'main',
    'Trekking the roof of Indochina',
    'We left at four in the morning. The trail up Fansipan was wet, and our porter, a Black Hmong man of sixty, wore sandals. By noon we were above the clouds.',
  ],
  [
    'en',
    'none',
    'Laojie under fire',
    'Fighting near Laojie, the capital of Kokang in Myanmar, has closed the gate to Yunnan. Thousands fled to China.',
  ],
  [
    'en',
    'main',
    'Laojie Province gets rail link',
    "Vietnam's Laojie Province will be linked with China by a standard-gauge railway, Chinese builders said. Work started on Friday.",
  ],
  [
    'fr',
    'main',
    'Viêt Nam : à Bac Ha, le marché résiste',
    'Chaque dimanche, les Hmong fleuris descendent vers Bac Ha. Les touristes arrivent de Sapa en car. Le marché aux buffles, lui, a déménagé.',
  ],
  [
    'fr',
    'none',
    "Chapa, l'équipe de Bourges recrute",
    "L'attaquant Julien Chapa rejoint Bourges pour deux saisons. Chapa avait inscrit douze buts l'an dernier.",
  ],
  [
    'fr',
    'none',
    "La Sapa, une association d'aide",
    'Depuis 1998, la SAPA aide les réfugiés du Tarn. La présidente de la Sapa quitte son poste.',
  ],
  [
    'fr',
    'mention',
    'Viêt Nam, 15 jours du nord au sud',
    "Hanoï, la baie d'Halong, Sapa, Hué, Hoi An, puis le delta du Mékong : notre itinéraire pour un premier voyage. Comptez 1 800 euros par personne. Évitez juillet.",
  ],
  [
    'fr',
    'mention',
    'La mutinerie oubliée',
    "En février 1930, les tirailleurs de Yen-Bay se soulevaient contre leurs officiers. L'historien suit les condamnés jusqu'au bagne de Guyane. Un livre rigoureux.",
  ],
  [
    'fr',
    'main',
    'Yen Bay, 1930 : la nuit des tirailleurs',
    'Dans la nuit du 9 au 10 février 1930, la garnison de Yen Bay se soulève. Treize hommes sont guillotinés en juin. La ville de Yen Bay leur a dédié un parc.',
  ],
  [
    'fr',
    'main',
    'Des chercheurs français au chevet des rizières de Mu Cang Chaï',
    "Une équipe de Montpellier étudie l'eau des terrasses. Les paysans hmong participent aux relevés. Les premiers résultats sont attendus en mai.",
  ],
  [
    'de',
    'none',
    'Sapa: Aluminium bleibt teuer',
    'Der Hersteller Sapa erwartet höhere Preise für Profile. In Vietnam plant Sapa ein Werk.',
  ],
  [
    'de',
    'main',
    'Vietnam: Zwischen Reis und Rolltreppe',
    'In Sapa fährt man heute mit der Seilbahn auf den höchsten Berg des Landes. Die Hmong verkaufen Armbänder. Hotels wachsen in den Himmel.',
  ],
  [
    'de',
    'mention',
    'Vietnam in drei Wochen',
    'Die Rundreise beginnt in Ho-Chi-Minh-Stadt und führt über Hoi An und Hue nach Hanoi. Wer Zeit hat, fährt noch nach Sapa. Das Visum kostet 25 Dollar.',
  ],
  ['es', 'none', 'La chapa del coche', 'Pintar la chapa del coche cuesta cada vez más. Chapa y pintura suben un 8%.'],
  [
    'es',
    'mention',
    'Vietnam en quince días',
    'De Hanói a la bahía de Halong, de Hue a Hoi An y, si hay tiempo, dos noches en Sapa. Así es la ruta clásica. Mejor en marzo.',
  ],
  [
    'ru',
    'main',
    'Во Вьетнаме оползень накрыл деревню',
    'В провинции Лаокай на севере Вьетнама сошёл оползень. Погибли 22 человека. Поиски продолжаются.',
  ],
  [
    'ru',
    'mention',
    'Число жертв тайфуна выросло',
    'Во Вьетнаме число жертв тайфуна достигло 87. Сильнее всего пострадали Каобанг, Куангнинь, Хайфон и Лаокай. В Ханое эвакуированы тысячи человек.',
  ],
  [
    'ru',
    'main',
    'Отдых в Сапе',
    'Туристы всё чаще едут в Сапу. В Сапе прохладно даже летом. До горы Фансипан ходит канатная дорога.',
  ],
  ['ru', 'none', 'Лаогай: история лагерей', 'Лаогай - система лагерей в Китае. Книга о ней вышла в Москве.'],
  ['zh', 'none', '福州三坊七巷老街迎客', '春节期间，福州老街人气旺。来自越南的留学生在老街体验写春联。'],
  ['zh', 'none', '老街坊議事會解決停車難', '社區的老街坊們坐在一起，商量停車的事。居委會說下月施工。'],
  ['zh', 'none', '越南會安老街掛起燈籠', '越南會安古鎮的老街每月十五熄燈，只點燈籠。遊客在老街放水燈。'],
  [
    'zh',
    'main',
    '中越国际班列从老街启程',
    '满载硫磺的列车今天从越南老街站发车，经河口北站开往昆明。铁路部门说，今年已开行三百列。老街方面希望增加冷链班列。',
  ],
  [
    'zh',
    'main',
    '越南老街：一座边城的早晨',
    '清晨六点，老街市的米粉摊就坐满了人。对岸是中国河口。商户说生意比去年好。',
  ],
  ['zh', 'none', '沙巴神山又见登山客', '沙巴神山公園重新開放。來自越南的登山客說景色很美。'],
  ['zh', 'main', '越南沙巴下雪了', '越南北部旅游胜地沙巴昨夜下雪，番西邦峰积雪五厘米。游客连夜赶来。'],
  [
    'zh',
    'mention',
    '越南台风死亡人数升至197人',
    '越南农业部门说，台风“摩羯”已造成197人死亡。其中老街省死亡98人，高平省43人，安沛省37人，广宁省15人。河内红河水位开始回落。',
  ],
  ['zh', 'none', '沙坝头村的鱼塘', '安徽沙坝村建起了鱼塘。沙坝的村民说收入增加了。'],
  ['zh', 'none', '小区保安救人', '保安王师傅跳进河里救起孩子。北河公园管理处给他送来锦旗。'],
  ['zh', 'none', '巴剎裡的早餐', '吉隆坡的巴剎一早就熱鬧。攤販說租金漲了。'],
  [
    'zh',
    'mention',
    '河口口岸今年进口榴莲十万吨',
    '云南河口口岸今年已进口榴莲十万吨。海关开通绿色通道。商户从昆明赶来。',
  ],
  ['zh', 'none', '黃河河口濕地飛來白鶴', '東營河口濕地來了上千隻白鶴。攝影者在老街區吃早餐。'],
  [
    'zh',
    'main',
    '老街省主席會見台商',
    '越南老街省人民委員會主席昨日會見台商代表，歡迎投資電子與農產加工。台商說土地成本低。',
  ],
  ['zh', 'none', '木姐與老街的賭場', '緬甸木姐與老街的賭場停業。中國邊民說生意差。'],
  ['zh', 'none', '高雄旗津老街週末封街', '旗津老街週末封街辦活動。越南移工表演竹竿舞。'],
  ['ja', 'none', '台湾・大溪老街を歩く', '大溪の老街には木彫りの店が並ぶ。ベトナム料理の店もできた。'],
  ['ja', 'none', 'ザンビアの蔵相、サパ氏が辞任', '財務相を務めたサパ氏が辞任した。後任は未定だ。'],
  ['ja', 'none', 'サパタ監督、新作を発表', 'サパタ監督が新作を発表した。撮影はメキシコで行われた。'],
  [
    'ja',
    'main',
    'サパの少数民族の布、京都で展示',
    'ベトナム北部サパの黒モン族が織った藍染めの布が京都で展示されている。会期は来月まで。',
  ],
  [
    'ja',
    'mention',
    'ベトナム周遊の旅、ハノイからホーチミンへ',
    'ハノイ、ハロン湾、サパ、フエ、ホイアンを巡る周遊が人気だ。航空券は早めがよい。',
  ],
  [
    'ja',
    'main',
    'ラオカイ省で子どもに橋を',
    '日本のＮＧＯがラオカイ省の村に橋を架けた。子どもは川を渡らず通学できる。',
  ],
  ['ko', 'none', '사파티스타 운동 30주년', '멕시코 사파티스타의 봉기 30주년 행사가 열렸다.'],
  ['ko', 'none', '박하사탕, 재개봉', '영화 박하사탕이 다시 관객을 만난다. 감독은 박하 향 나는 포스터를 만들었다.'],
  [
    'ko',
    'main',
    '사파여행 3박4일 코스',
    '베트남 북부 사파여행을 준비한다면 비옷이 필요하다. 판시판산 케이블카는 미리 예약한다.',
  ],
  ['ko', 'none', '사파 고수들의 무림 대결', '사파 고수가 등장하는 웹툰이 인기다. 베트남어로도 번역됐다.'],
  [
    'ko',
    'mention',
    '베트남 결혼이민자, 지역 축제서 쌀국수 나눔',
    '옌바이가 고향인 응우옌 씨는 축제에서 쌀국수를 나눴다. 군수는 감사패를 전했다. 행사는 주말까지다.',
  ],
  [
    'ko',
    'main',
    '라오까이시, 국경 무역 활기',
    '베트남 라오까이시의 국경 시장이 활기를 띠고 있다. 중국 허커우와 다리로 이어진다.',
  ],
  ['th', 'none', 'ซาปาติสตาเดินขบวน', 'กลุ่มซาปาติสตาในเม็กซิโกเดินขบวนเรียกร้องสิทธิในที่ดิน'],
  ['th', 'main', 'หิมะตกที่ซาปา', 'หิมะตกที่เมืองซาปา ทางเหนือของเวียดนาม นักท่องเที่ยวแห่ชมยอดเขาฟานซิปัน'],
  ['lo', 'main', 'ນ້ຳຖ້ວມທີ່ແຂວງລາວກາຍ', 'ນ້ຳຖ້ວມທີ່ແຂວງລາວກາຍ ຫວຽດນາມ ເຮັດໃຫ້ມີຜູ້ເສຍຊີວິດ 8 ຄົນ.'],
  [
    'it',
    'main',
    'Vietnam, frana a Lao Cai: dieci morti',
    'Una frana nella provincia di Lao Cai, nel nord del Vietnam, ha ucciso dieci persone. I soccorsi proseguono.',
  ],
  [
    'en',
    'none',
    'Mint and Wang trail',
    'The Van Yen foundation gave scholarships in Singapore. Tran Yen, its director, said that more would follow.',
  ],
  [
    'en',
    'main',
    'Yen Bai shooting: three dead',
    'Yen Bai (VNA) – The party chief of Yen Bai was shot dead in his office on Thursday. Police said the gunman was a forest ranger.',
  ],
  [
    'en',
    'mention',
    "Vietnam's coffee boom moves north",
    'Growers in Son La and Dien Bien are planting arabica. Smaller plots can be found in Lao Cai. Exporters in Dak Lak watch with unease.',
  ],
  [
    'en',
    'none',
    'Mai Chau and Pu Luong, the quiet valleys',
    'Travellers who find the north crowded go to Mai Chau in Hoa Binh. The rice is cut in June.',
  ],
  [
    'en',
    'main',
    'Red Dao healers seek patents for herbal bath',
    'Red Dao women of Sa Pa want to protect the recipe of their bath. A lawyer from Hanoi helps them. The bath is sold to tourists for five dollars.',
  ],
]

describe('relevance in foreign languages', () => {
  it.each(samples)('%s %s: %s', async (language, level, title, text) => {
    expect(await levelOf(language, title, text)).toBe(level)
  })

  it('asks for something of Vietnam only abroad', async () => {
    const text = 'Sapa has opened its first school of cookery. Pupils come from all its villages.'
    expect(await levelOf('en', 'A school of cookery', text)).toBe('none')
    expect(await levelOf('en', 'A school of cookery', text, 'vietnamplus_en')).not.toBe('none')
    expect(
      await levelOf('vi', 'Trường dạy nấu ăn', 'Sapa vừa có trường dạy nấu ăn đầu tiên, học sinh đến từ các bản.'),
    ).not.toBe('none')
  })

  it('takes one full name for the short ones of the article', async () => {
    const text = '越南老街省昨日宣布新規劃。住在老街的商人說，他們等了很久。'
    const article = { id: 'sample', title: '新規劃', lead: null, text, outletId: null, language: 'zh', published: null }
    const { relevance } = await assessor.assess(article)
    expect(relevance.places.map((place) => place.text)).toEqual(['越南老街', '老街'])
  })
})

describe('isWholeName', () => {
  const whole = (text: string, name: string): boolean => {
    const start = text.indexOf(name)
    return isWholeName(text, start, start + name.length)
  }

  it('parts a short katakana name from a longer word', () => {
    expect(whole('霧の町サパを歩く', 'サパ')).toBe(true)
    expect(whole('ベトナム・サパの棚田', 'サパ')).toBe(true)
    expect(whole('サパツアー', 'サパ')).toBe(true)
    expect(whole('サパティスタ', 'サパ')).toBe(false)
    expect(whole('アサパ', 'サパ')).toBe(false)
    expect(whole('北ラオカイ', 'ラオカイ')).toBe(true)
  })

  it('lets a short Hangul name carry particles and nouns of places, and nothing else', () => {
    for (const text of ['사파', '사파를 걷다', '사파에서는', '사파시장의', '사파여행', '탁바호는'])
      expect(whole(text, text.slice(0, 2))).toBe(true)
    for (const text of ['사파이어', '사파리', '박하차', '박하사탕']) expect(whole(text, text.slice(0, 2))).toBe(false)
  })
})
