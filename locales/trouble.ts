import { formatBytes } from './format.ts'
import type { Translate } from './index.ts'

const OUTLET_STATES = [
  'blocked',
  'refused-by-robots',
  'given-up',
  'unreachable',
  'failing',
  'broken',
  'silent',
] as const

/** A trouble in words. @param detail JSON of figures and words by name */
export function troubleWords(
  t: Translate,
  trouble: {
    readonly kind: 'outlet' | 'network' | 'standstill' | 'disk'
    readonly code: string
    readonly detail: string
  },
  outlet: string,
): { readonly what: string; readonly detail: string } {
  const values: Readonly<Record<string, string | number>> = JSON.parse(trouble.detail)
  if (trouble.kind === 'outlet') {
    const known = OUTLET_STATES.find((state) => state === trouble.code)
    const state = known ? t(`web.outlet.status.${known}`) : trouble.code
    const said = [values.words, values.code ? `(${values.code})` : ''].filter(
      (part) => part !== '' && part !== undefined,
    )
    return { what: t('system.trouble.outlet', { outlet, state }), detail: said.join(' ') }
  }
  const shown =
    trouble.kind === 'disk'
      ? { free: formatBytes(Number(values.free)), least: formatBytes(Number(values.least)) }
      : values
  return { what: t(`system.trouble.kind.${trouble.kind}`), detail: t(`system.detail.${trouble.kind}`, shown) }
}
