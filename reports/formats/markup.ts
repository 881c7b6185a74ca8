import { html as escaping } from 'ghtml'

/** Markup that is safe to send: only `html` makes it, so that a forgotten escape is a type error, not a hole. */
export interface Html {
  readonly markup: string
}

export type Fragment = Html | string | number | null | undefined | false | readonly Fragment[]

const isHtml = (value: object): value is Html => 'markup' in value

function render(value: Fragment): string {
  if (value === null || value === undefined || value === false) return ''
  if (typeof value !== 'object') return escaping`${value}`
  return isHtml(value) ? value.markup : value.map(render).join('')
}

/**
 * Tags a template: text is escaped, `Html` is taken as it is, arrays are joined, `null` and `false` leave nothing.
 * (ghtml alone returns strings and asks for a `!` before nested markup: one `!` too many would be a hole.)
 */
export function html(literals: TemplateStringsArray, ...values: readonly Fragment[]): Html {
  let markup = literals[0] ?? ''
  values.forEach((value, at) => {
    markup += render(value) + (literals[at + 1] ?? '')
  })
  return { markup }
}
