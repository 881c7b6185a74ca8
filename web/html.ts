import type { Html } from '../reports/formats/markup.ts'

export { type Fragment, type Html, html } from '../reports/formats/markup.ts'

/** An attribute that stands or not: `${flag('checked', on)}`. */
export const flag = (
  name: 'checked' | 'selected' | 'disabled' | 'open' | 'required' | 'autofocus',
  on: boolean,
): Html => ({
  markup: on ? ` ${name}` : '',
})
