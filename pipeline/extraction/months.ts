/** Names and short names of the months by number, in the languages of the press we read; lower-case, without a final dot. */
const names: readonly string[] = [
  'january jan janvier janv januar jän jänner enero ene janeiro gennaio gen января янв январь січня januari styczeń stycznia leden ledna január ocak มกราคม ม.ค enero tammikuu tammikuuta janúar ιανουαρίου sausio يناير siječnja jaanuar',
  'february feb février févr fév februar februari febrero fevereiro fev febbraio февраля фев февр лютого luty lutego únor února şubat กุมภาพันธ์ ก.พ helmikuu helmikuuta febrúar φεβρουαρίου vasario فبراير veljače',
  'march mar mars märz mär marzo março марта мар март березня maret maart mrt marzec marca březen března mart มีนาคม มี.ค maaliskuu maaliskuuta kovo مارس ožujka',
  'april apr avril avr abril abr aprile апреля апр апрель квітня kwiecień kwietnia duben dubna nisan เมษายน เม.ย huhtikuu huhtikuuta apríl απριλίου balandžio أبريل travnja',
  'may mai mayo maio maggio mag мая май травня mei maj maja květen května mayıs พฤษภาคม พ.ค toukokuu toukokuuta maí μαΐου gegužės مايو svibnja',
  'june jun juin juni junio junho giugno giu июня июн июнь червня czerwiec czerwca červen června haziran มิถุนายน มิ.ย kesäkuu kesäkuuta júní ιουνίου birželio يونيو lipnja',
  'july jul juillet juil juli julio julho luglio lug июля июл июль липня lipiec lipca červenec července temmuz กรกฎาคม ก.ค heinäkuu heinäkuuta júlí ιουλίου liepos يوليو srpnja',
  'august aug août aou agosto ago августа авг август серпня agustus augustus sierpień sierpnia srpen srpna ağustos สิงหาคม ส.ค elokuu elokuuta ágúst augusti αυγούστου rugpjūčio أغسطس kolovoza',
  'september sept sep septembre septiembre setembro set settembre сентября сен сент сентябрь вересня wrzesień września září eylül กันยายน ก.ย syyskuu syyskuuta σεπτεμβρίου rugsėjo سبتمبر rujna',
  'october oct octobre oktober okt octubre outubro out ottobre ott октября окт октябрь жовтня październik października říjen října ekim ตุลาคม ต.ค lokakuu lokakuuta október οκτωβρίου spalio أكتوبر listopada',
  'november nov novembre noviembre novembro ноября ноя нояб ноябрь листопада listopad listopadu kasım พฤศจิกายน พ.ย marraskuu marraskuuta nóvember νοεμβρίου lapkričio نوفمبر studenoga',
  'december dec décembre déc dezember dez diciembre dic dezembro dicembre декабря дек декабрь грудня desember des grudzień grudnia prosinec prosince aralık ธันวาคม ธ.ค joulukuu joulukuuta δεκεμβρίου gruodžio ديسمبر prosinca',
]

const numbers = new Map<string, number>()
for (const [index, line] of names.entries()) {
  for (const name of line.split(' ')) if (!numbers.has(name)) numbers.set(name, index + 1)
}
// Filipino and Lao, whose names would be ambiguous in the list above.
for (const [index, name] of 'enero pebrero marso abril mayo hunyo hulyo agosto setyembre oktubre nobyembre disyembre'
  .split(' ')
  .entries())
  numbers.set(name, index + 1)
for (const [index, name] of 'ມັງກອນ ກຸມພາ ມີນາ ເມສາ ພຶດສະພາ ມິຖຸນາ ກໍລະກົດ ສິງຫາ ກັນຍາ ຕຸລາ ພະຈິກ ທັນວາ'.split(' ').entries())
  numbers.set(name, index + 1)

/** An alternation of all names, longest first, for use within `(…)` of a Unicode expression on lower-case text. */
export const monthPattern = [...numbers.keys()]
  .sort((a, b) => b.length - a.length)
  .map((name) => name.replaceAll('.', '\\.'))
  .join('|')

/** 1 to 12; NaN for what is no month. */
export const monthOf = (name: string | undefined): number => numbers.get(name ?? '') ?? Number.NaN
