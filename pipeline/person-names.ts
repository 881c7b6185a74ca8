import { familyNames } from './family-names.ts'
import type { FieldText } from './reading.ts'

/**
 * A capitalised run that opens with a family name is a person. Used only to tell that a name is NOT a place; persons are
 * neither recorded nor counted.
 */
const FAMILY_NAMES = new Set([...familyNames, 'trinh'].map((name) => name.charAt(0).toUpperCase() + name.slice(1)))

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
