import type { Language } from '../../model.ts'

/** Words and sentences from which sample articles are put together; all invented, nothing in them happened. */
export interface Words {
  /** In the province, and elsewhere. */
  readonly here: readonly string[]
  readonly elsewhere: readonly string[]
  readonly things: readonly string[]
  readonly people: readonly string[]
  /** `{p}` place, `{t}` thing, `{w}` people, `{n}` the article's own number, `{m}` another number. */
  readonly titles: readonly string[]
  readonly sentences: readonly string[]
  /** What an edit adds. */
  readonly addition: string
  readonly correctedTitle: string
}

const vi: Words = {
  here: ['Lào Cai', 'Sa Pa, Lào Cai', 'xã Bát Xát, tỉnh Lào Cai', 'phường Cam Đường, Lào Cai', 'Bắc Hà, Lào Cai'],
  elsewhere: ['Cà Mau', 'Đà Nẵng', 'Cần Thơ', 'Khánh Hòa', 'Tây Ninh', 'Nghệ An'],
  things: ['tuyến đường', 'trường học', 'vườn cây', 'khu chợ', 'trạm y tế', 'hồ chứa nước', 'cây cầu', 'nhà văn hóa'],
  people: ['hộ dân', 'học sinh', 'nông dân', 'du khách', 'cán bộ', 'công nhân', 'tình nguyện viên'],
  titles: [
    '{p}: {n} {w} hưởng lợi từ {t} mới',
    '{p} sửa chữa {t} sau mưa lớn, {n} {w} yên tâm',
    'Khởi công {t} phục vụ {n} {w} tại {p}',
    '{n} {w} ở {p} góp ý về {t}',
    'Bài học từ {t} của {n} {w} ở {p}',
  ],
  sentences: [
    'Sáng nay tại {p}, đại diện {m} {w} đã họp bàn về {t}.',
    'Theo báo cáo của chính quyền {p}, công trình {t} được đầu tư {m} tỷ đồng.',
    'Nhiều {w} cho biết {t} đã xuống cấp từ {m} tháng trước.',
    'Trong {m} ngày tới, đơn vị thi công sẽ hoàn thành phần còn lại của {t}.',
    'Lãnh đạo địa phương yêu cầu bảo đảm an toàn cho {w} khi sử dụng {t}.',
    'Đoàn kiểm tra ghi nhận {m} ý kiến, phần lớn liên quan đến {t} ở {p}.',
    'Một số {w} đề nghị công khai kinh phí và tiến độ của {t}.',
    'Kế hoạch này dự kiến đem lại việc làm cho {m} {w} trong vùng.',
    'Các xã lân cận cũng đang khảo sát {t} để làm theo cách của {p}.',
    'Trước đó, mưa kéo dài khiến {m} đoạn quanh {t} bị hư hỏng nhẹ.',
  ],
  addition:
    'Cập nhật: cơ quan chức năng bổ sung con số mới nhất là {m} và cho biết việc kiểm tra vẫn tiếp tục trong tuần.',
  correctedTitle: '{old} (đính chính: {m} trường hợp)',
}

const en: Words = {
  here: ['Lao Cai, Vietnam', 'Sa Pa in Vietnam’s Lao Cai province', 'Bac Ha in Lao Cai, Vietnam'],
  elsewhere: ['Lisbon', 'Nairobi', 'the Andes', 'Ohio', 'Jakarta'],
  things: ['a mountain road', 'the night market', 'a cable car', 'terraced fields', 'a village school', 'a rail link'],
  people: ['farmers', 'visitors', 'pupils', 'traders', 'drivers', 'volunteers'],
  titles: ['How {n} {w} in {p} came to depend on {t}', '{p} repairs {t} for {n} {w}', 'In {p}, {n} {w} debate {t}'],
  sentences: [
    'On a grey morning in {p}, some {m} {w} gathered to talk about {t}.',
    'Local officials in {p} put the cost at {m} million dollars and promised a review.',
    'Many {w} said the works around {t} had begun {m} weeks too late.',
    'The plan would bring jobs for {m} {w}, according to the project office.',
    'Engineers say {t} should be finished within {m} days if the weather holds.',
    'Neighbouring districts are watching {p} before they decide on their own plans.',
    'A survey of {m} households found broad support, with doubts about maintenance.',
  ],
  addition: 'Update: officials now give the figure as {m} and say that their inspection will go on through the week.',
  correctedTitle: '{old} (corrected: {m} cases)',
}

const zh: Words = {
  here: ['越南老街省', '越南老街', '老街省沙巴'],
  elsewhere: ['广州', '成都', '青岛', '昆明'],
  things: ['口岸公路', '边贸市场', '铁路项目', '乡村学校', '梯田景区'],
  people: ['农户', '游客', '学生', '商户', '志愿者'],
  titles: ['{p}{n}名{w}受益于{t}', '{p}修缮{t}惠及{n}名{w}', '{n}名{w}在{p}讨论{t}'],
  sentences: [
    '今天上午，{p}有关部门召开会议，{m}名{w}代表就{t}发表意见。',
    '据介绍，{t}总投资约{m}亿元，计划分两期建设。',
    '不少{w}表示，{t}周边道路已有{m}个月没有维修。',
    '预计{m}天后，{t}的剩余工程将全部完成。',
    '有关负责人要求保障{w}的安全，并公开{t}的进度。',
    '周边地区也派人到{p}考察，准备借鉴相关做法。',
  ],
  addition: '更新：有关部门将最新数字更正为{m}，并表示本周将继续检查。',
  correctedTitle: '{old}（更正：{m}例）',
}

const fr: Words = {
  here: ['Lao Cai, au Vietnam', 'Sa Pa, province de Lao Cai au Vietnam'],
  elsewhere: ['Lyon', 'Dakar', 'Bordeaux', 'Montréal'],
  things: ['une route de montagne', 'le marché de nuit', 'une école rurale', 'les rizières', 'un pont suspendu'],
  people: ['paysans', 'visiteurs', 'élèves', 'commerçants', 'bénévoles'],
  titles: ['{p} : {n} {w} autour de {t}', 'À {p}, {n} {w} attendent {t}'],
  sentences: [
    'Ce matin à {p}, {m} {w} se sont réunis pour parler du chantier.',
    'Selon les autorités de {p}, le coût atteint {m} millions et un contrôle est promis.',
    'Beaucoup de {w} disent que les travaux ont commencé avec {m} semaines de retard.',
    'Le projet créerait {m} emplois dans la vallée, assure le bureau chargé des travaux.',
    'Les communes voisines regardent {p} avant de décider de leurs propres plans.',
    'Il reste {m} jours de travaux si le temps le permet, disent les ingénieurs.',
  ],
  addition: 'Mise à jour : les autorités donnent désormais le chiffre de {m} et annoncent que le contrôle continue.',
  correctedTitle: '{old} (rectifié : {m} cas)',
}

const ja: Words = {
  here: ['ベトナム・ラオカイ省', 'ラオカイ省サパ'],
  elsewhere: ['大阪', '札幌', '福岡'],
  things: ['山道', '夜市', '鉄道', '村の学校', '棚田'],
  people: ['農家', '観光客', '生徒', '商店主'],
  titles: ['{p}、{n}人の{w}が{t}を支える', '{p}で{t}の修復、{n}人の{w}に恩恵'],
  sentences: [
    '{p}で今朝、{m}人の{w}が集まり、{t}について話し合った。',
    '地元当局によると、{t}の費用は{m}億ドンにのぼる。',
    '{w}の多くは、{t}の工事が{m}週間遅れたと話した。',
    '工事は天候に恵まれれば{m}日以内に終わる見込みだ。',
    '周辺の地域も{p}の取り組みに注目している。',
    '計画が進めば、{m}人の{w}に新しい仕事が生まれるという。',
  ],
  addition: '更新：当局は最新の数字を{m}とし、今週も点検を続けるとしている。',
  correctedTitle: '{old}（訂正：{m}件）',
}

const ko: Words = {
  here: ['베트남 라오까이성', '라오까이성 사파'],
  elsewhere: ['부산', '대구', '광주'],
  things: ['산길', '야시장', '철도', '마을 학교', '다랑논'],
  people: ['농민', '관광객', '학생', '상인'],
  titles: ['{p}, {n}명의 {w}이 기다린 {t}', '{p} {t} 보수에 {n}명의 {w} 반겨'],
  sentences: [
    '{p}에서 오늘 오전 {m}명의 {w}이 모여 {t}에 대해 논의했다.',
    '현지 당국은 {t}에 {m}억 동이 든다고 밝혔다.',
    '많은 {w}은 {t} 공사가 {m}주 늦게 시작됐다고 말했다.',
    '날씨가 좋으면 공사는 {m}일 안에 끝날 전망이다.',
    '이웃 지역도 {p}의 방식을 살펴보고 있다.',
    '이 계획으로 {m}명의 {w}에게 새 일자리가 생길 것으로 보인다.',
  ],
  addition: '갱신: 당국은 최신 수치를 {m}으로 바로잡고 이번 주에도 점검을 계속한다고 밝혔다.',
  correctedTitle: '{old} (정정: {m}건)',
}

const byLanguage: Readonly<Record<string, Words>> = { vi, en, zh, fr, ja, ko }

/** @throws for a language without words */
export function wordsOf(language: Language): Words {
  const words = byLanguage[language]
  if (!words) throw new Error(`there are no sample words in "${language}"`)
  return words
}
