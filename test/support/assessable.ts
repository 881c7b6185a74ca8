import type { Assessable } from '../../model.ts'

/** A sample article to be assessed: of no outlet, without lead and time. */
export const assessable = (title: string, text: string, language: string | null = 'vi'): Assessable => ({
  ...{ id: 'mẫu', title, text, language },
  ...{ lead: null, outletId: null, published: null },
})
