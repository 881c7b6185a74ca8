import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Assessment } from '../model.ts'
import { createAssessor } from '../pipeline/assess.ts'
import { sceneIds } from '../pipeline/place-tree.ts'
import { loadProfile } from '../profiles/load.ts'
import type { Profile } from '../profiles/schema.ts'
import { assessable } from './support/assessable.ts'

const root = join(import.meta.dirname, '..')
let profile: Profile
let assess: (title: string, text: string, language: string) => Promise<Assessment>

beforeAll(async () => {
  profile = await loadProfile(join(root, 'profiles/lao-cai'), join(root, 'crawlers/outlets'))
  const { assess: judge } = createAssessor({ profile })
  assess = (title, text, language) => judge(assessable(title, text, language))
})

const ids = ({ topics }: Assessment): string[] => topics.map(({ id }) => id)

describe('words of another language', () => {
  it('say nothing where they are other words: English stems in German, unaccented Vietnamese in French', async () => {
    const german = await assess('Ein Tag in Lao Cai', 'Die Leute trinken Tee, die Kinder spielen in Bao Yen.', 'de')
    expect(german.sensitive).toBe(false)
    expect(german.evidence.filter(({ for: about }) => about === 'sensitive' || about === 'tone')).toEqual([])
    const french = await assess(
      'Le jour se lève à Lao Cai',
      'Le soleil et le vent de Bao Yen, le long de la rue.',
      'fr',
    )
    expect(ids(french)).not.toContain('agriculture_rural')
    expect(ids(french)).not.toContain('disaster_environment')
  })

  it('count where they are English proper names', async () => {
    const text = 'En Lao Cai, Vietnam, según Human Rights Watch.'
    expect(ids(await assess('Informe de Human Rights Watch', text, 'es'))).toContain('human_rights')
  })
})

describe('topics that definitions alone judge', () => {
  const flood =
    'Floods and landslides hit Lao Cai, Vietnam. The typhoon brought torrential rain; mudslides buried homes and rescuers ' +
    'evacuated hamlets before the river level rose again. '

  it('are not what a long text says in passing', async () => {
    expect(
      ids(await assess('Landslides bury hamlets in Lao Cai', `${flood}A school and a hospital were closed.`, 'en')),
    ).toEqual(['disaster_environment'])
  })

  it('are several where each has much to say', async () => {
    const text = `${flood}Schools were closed, pupils and teachers were sick after food poisoning, and doctors at the hospital vaccinated patients.`
    expect(ids(await assess('Landslides in Lao Cai, food poisoning in schools', text, 'en'))).toEqual(
      expect.arrayContaining(['disaster_environment', 'society']),
    )
  })

  it('are the best guess where none is sure', async () => {
    const text = 'Lao Cai, Vietnam: an old man and his paddles. The museum is closed.'
    expect(ids(await assess('A morning in Lao Cai', text, 'en'))).toEqual(['culture_heritage'])
  })

  it.each([
    ['th', 'ดินถล่มในจังหวัดลาวกาย', 'ฝนตกหนักทำให้เกิดน้ำป่าในเวียดนาม'],
    ['lo', 'ດິນເຈື່ອນຢູ່ແຂວງລາວກາຍ', 'ຝົນຕົກໜັກ ແລະ ນ້ຳຖ້ວມ ໃນຫວຽດນາມ'],
    ['ru', 'Оползень в провинции Лаокай', 'Ливни и паводок на севере Вьетнама.'],
    ['de', 'Erdrutsch in Lao Cai', 'Starkregen und Überschwemmungen im Norden Vietnams.'],
    ['es', 'Deslizamiento de tierra en Lao Cai', 'Lluvias e inundaciones en el norte de Vietnam.'],
  ])('are found in %s', async (language, title, text) => {
    expect(ids(await assess(title, text, language))[0]).toBe('disaster_environment')
  })
})

describe('who or what is sold', () => {
  it('makes a matter of rights of people, not of goods', async () => {
    const people = await assess(
      'Girls sold across the border',
      'In Lao Cai, Vietnam, two girls were sold by a relative.',
      'en',
    )
    expect(people).toMatchObject({ sensitive: true, tone: 'negative' })
    expect(ids(people)).toEqual(expect.arrayContaining(['human_rights', 'crime_law']))
    const goods = await assess('Plums sold out', 'In Lao Cai, Vietnam, farmers sold their harvest of plums.', 'en')
    expect(goods.sensitive).toBe(false)
    expect(ids(goods)).not.toContain('human_rights')
  })
})

describe('sensitivity in further languages', () => {
  it.each([
    ['th', 'ดินถล่มในจังหวัดลาวกาย เวียดนาม', 'มีผู้เสียชีวิต 8 ราย'],
    ['lo', 'ດິນເຈື່ອນຢູ່ແຂວງລາວກາຍ ຫວຽດນາມ', 'ມີຜູ້ເສຍຊີວິດ 8 ຄົນ'],
    ['ru', 'Бывший председатель народного комитета Лаокая осуждён за взятки', 'Суд во Вьетнаме вынес приговор.'],
    ['de', 'Früherer Parteichef von Lao Cai wegen Korruption verurteilt', 'Ein Gericht in Vietnam sprach das Urteil.'],
    [
      'es',
      'Condenado por corrupción un exfuncionario',
      'El secretario del partido de Lao Cai, en Vietnam, aceptó sobornos.',
    ],
    ['ja', 'ラオカイ省の元書記に懲役刑', 'ベトナムの裁判所は汚職の罪で実刑を言い渡した。'],
  ])('is met in %s', async (language, title, text) => {
    expect(await assess(title, text, language)).toMatchObject({ sensitive: true, tone: 'negative' })
  })

  it('is not met by a border crossing where smugglers were caught, nor by land for a railway', async () => {
    const smugglers = 'Police at the Kim Thanh border gate in Lao Cai, Vietnam, caught smugglers of frozen meat.'
    expect((await assess('Smugglers caught in Lao Cai', smugglers, 'en')).sensitive).toBe(false)
    expect(
      (await assess('越南老街省完成铁路征地补偿', '老街省已完成铁路用地补偿，居民迁入安置区。', 'zh')).sensitive,
    ).toBe(false)
  })
})

describe('deaths told of the province in an article that only mentions it', () => {
  const storm = 'Storm floods northern Vietnam. Army trucks carry rice to Hanoi, Ha Giang and Son La. '
  it.each([
    ['in a sentence with a place of it', `${storm}Floods killed nine people in Lao Cai, officials said.`, true],
    ['in another sentence', `${storm}Floods killed nine people in Ha Giang. Schools in Lao Cai were closed.`, false],
    ['of somebody who comes from it', `${storm}A driver born in Lao Cai died in a bus crash in Hanoi.`, false],
    ['long ago', `${storm}In 1968 a flood killed nine people in Lao Cai.`, false],
  ])('are sensitive: %s', async (_, text, isSensitive) => {
    const assessment = await assess('Storm floods northern Vietnam', text, 'en')
    expect(assessment.relevance.level).toBe('mention')
    expect(assessment.sensitive).toBe(isSensitive)
  })

  it('show the words of that condition', async () => {
    const text = `${storm}Floods killed nine people in Lao Cai, officials said.`
    const { evidence } = await assess('Storm floods northern Vietnam', text, 'en')
    const words = evidence.filter(({ for: about, rule }) => about === 'sensitive' && rule === 'deaths')
    expect(words.map((one) => one.text.toLowerCase())).toEqual(expect.arrayContaining(['floods', 'killed']))
  })
})

describe('goods that are sold', () => {
  it('are no people who are sold', async () => {
    const market = '라오까이성 박하시장에는 물건을 팔려고 앉아 있는 여인들이 많다.'
    expect((await assess('박하시장을 찾아서', market, 'ko')).sensitive).toBe(false)
    const girl = '라오까이성의 소녀가 국경 너머로 팔려 갔다가 돌아왔다.'
    expect((await assess('라오까이 소녀의 귀향', girl, 'ko')).sensitive).toBe(true)
  })
})

describe('subject or mention abroad', () => {
  it('is told by sentences, whatever the paragraphs, and without date line and seat', async () => {
    const text =
      'ХАНОЙ, 4 августа. Число погибших растёт.\nСильнее всего пострадала провинция Лаокай, где сошёл сель. В Батсате завалы.'
    expect((await assess('Оползни во Вьетнаме', text, 'ru')).relevance.level).toBe('main')
    const seat =
      'A Washington-based group reported the cases on Friday.\n\nThe worst was in Si Ma Cai, in the Vietnamese province of Lao Cai.'
    expect((await assess('Churches raided, group says', seat, 'en')).relevance.level).toBe('main')
  })

  it('is neither where a script spells Kokang’s Laukkai like the province', async () => {
    const text = 'ミャンマー北東部コーカンのラオカイで戦闘が続いている。中国雲南省との国境は閉鎖された。'
    expect((await assess('コーカンで戦闘', text, 'ja')).relevance.level).toBe('none')
  })
})

describe('sentences that recall another event', () => {
  it.each([
    ['Селевой поток сошёл в Лаокае. ', 'В прошлом году сель сошёл в Йенбае.'],
    ['ດິນເຈື່ອນຢູ່ລາວກາຍ\n', 'ປີຜ່ານມາ ເກີດຢູ່ເອຽນບາຍ'],
    ['ดินถล่มที่ลาวกาย\n', 'เมื่อปีที่แล้ว เกิดที่เอียนบาย'],
  ])('do not say where this one happened: %s', (now, then) => {
    const mentions = [
      { id: 'here', field: 'text' as const, from: 3 },
      { id: 'there', field: 'text' as const, from: now.length + then.length - 3 },
    ]
    expect(sceneIds(mentions, now + then)).toEqual(['here'])
  })
})
