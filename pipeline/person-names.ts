import type { FieldText } from './reading.ts'

/**
 * Vietnamese family names, with those of the peoples of the north-west: a capitalised run that opens with one is a
 * person. Used only to tell that a name is NOT a place; persons are neither recorded nor counted.
 */
const FAMILY_NAMES = new Set(
  `Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Đoàn Trịnh Trương Lâm Phùng Mai Tô Hà Tạ Chu
  Cao Thạch Đào Lương Lưu Vương Trinh Tống Quách Đàm Kiều Nông Triệu Nghiêm Doãn Tăng Lục Lò Quàng Giàng Vàng Sùng Thào
  Hảng Má Mã Lù Tẩn Chảo Phàn Hầu Vừ Hờ Sình Lầu Khổng Bạch`
    .split(/\s+/)
    .map((name) => name.normalize('NFC')),
)

/** Those that no language writes as a word of its own before a place's name (`To Sapa`, `le Bac Ha`). */
const FAMILY_NAMES_ABROAD = new Set(
  'Nguyen Nguyễn Tran Trần Pham Phạm Huynh Phan Vu Vũ Vo Võ Dang Đặng Bui Bùi Ngo Duong Dinh Đinh Doan Trinh Truong Phung Ly Lý'.split(
    ' ',
  ),
)

/** The same in a foreign language, which mostly prints the names without accents. */
export function opensPersonNameAbroad(field: FieldText, start: number, name: number): boolean {
  const { folded } = field.scan
  const [first = ''] = field.source
    .slice(folded.from[start] ?? 0, folded.from[name] ?? 0)
    .normalize('NFC')
    .split(/\s+/)
  return FAMILY_NAMES_ABROAD.has(first)
}

/** Whether one of the capitalised words from `start` (folded offset) up to the name at `name` is a family name. */
export function opensPersonName(field: FieldText, start: number, name: number): boolean {
  const { folded } = field.scan
  const before = field.source.slice(folded.from[start] ?? 0, folded.from[name] ?? 0)
  return before
    .normalize('NFC')
    .split(/\s+/)
    .some((word) => FAMILY_NAMES.has(word))
}
