import { hash, names, type Token } from './features.ts'
import weights from './weights/name-provinces.json' with { type: 'json' }

/**
 * Vietnam's provinces since 1 July 2025 (34), each with the names that stand for it in the press: its own and those of
 * the provinces merged into it (Nghị quyết 202/2025/QH15). Used only to tell one event's province from another's.
 */
const PROVINCES: readonly (readonly string[])[] = [
  ['Hà Nội'],
  ['Huế', 'Thừa Thiên Huế', 'Thừa Thiên - Huế'],
  ['Lai Châu'],
  ['Điện Biên'],
  ['Sơn La'],
  ['Lạng Sơn'],
  ['Quảng Ninh'],
  ['Thanh Hóa', 'Thanh Hoá'],
  ['Nghệ An'],
  ['Hà Tĩnh'],
  ['Cao Bằng'],
  ['Tuyên Quang', 'Hà Giang'],
  ['Lào Cai', 'Yên Bái'],
  ['Thái Nguyên', 'Bắc Kạn'],
  ['Phú Thọ', 'Vĩnh Phúc', 'Hòa Bình', 'Hoà Bình'],
  ['Bắc Ninh', 'Bắc Giang'],
  ['Hưng Yên', 'Thái Bình'],
  ['Hải Phòng', 'Hải Dương'],
  ['Ninh Bình', 'Hà Nam', 'Nam Định'],
  ['Quảng Trị', 'Quảng Bình'],
  ['Đà Nẵng', 'Quảng Nam'],
  ['Quảng Ngãi', 'Kon Tum'],
  ['Gia Lai', 'Bình Định'],
  ['Khánh Hòa', 'Khánh Hoà', 'Ninh Thuận'],
  ['Lâm Đồng', 'Đắk Nông', 'Bình Thuận'],
  ['Đắk Lắk', 'Phú Yên'],
  ['Hồ Chí Minh', 'TP HCM', 'TP.HCM', 'TPHCM', 'Bình Dương', 'Bà Rịa - Vũng Tàu', 'Bà Rịa', 'Vũng Tàu'],
  ['Đồng Nai', 'Bình Phước'],
  ['Tây Ninh', 'Long An'],
  ['Cần Thơ', 'Sóc Trăng', 'Hậu Giang'],
  ['Vĩnh Long', 'Bến Tre', 'Trà Vinh'],
  ['Đồng Tháp', 'Tiền Giang'],
  ['Cà Mau', 'Bạc Liêu'],
  ['An Giang', 'Kiên Giang'],
]

const byName = new Map<string, number>()
for (const [index, spellings] of PROVINCES.entries())
  for (const name of spellings) byName.set(name.toLowerCase().replace(/[.\s-]+/g, ' '), index + 1)

/** Numbers (1–34) of the provinces that a text names, ascending. */
export function namedProvinces(list: readonly Token[]): number[] {
  const found = new Set<number>()
  for (let i = 0; i < list.length; i++) {
    const first = list[i]
    if (!first?.capital) continue
    let name = ''
    for (let length = 1; length <= 4; length++) {
      const token = list[i + length - 1]
      if (!token?.capital) break
      name = name ? `${name} ${token.text}` : token.text
      const province = byName.get(name)
      if (province !== undefined) found.add(province)
    }
  }
  return [...found].sort((a, b) => a - b)
}

const byPlace = new Map(weights.keys.map((key, index) => [key, weights.provinces[index] ?? 0]))

/** The provinces that a text names; where it names none, those that its other names mostly stand with. */
export function provinces(list: readonly Token[]): number[] {
  const named = namedProvinces(list)
  if (named.length > 0) return named
  const found = new Set<number>()
  for (const name of names(list)) {
    const province = byPlace.get(hash(name))
    if (province !== undefined) found.add(province)
  }
  return [...found].sort((a, b) => a - b)
}
