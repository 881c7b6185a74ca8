import type { Outlet } from '../../model.ts'

/** An outlet written for the tests, to vary. */
export const sampleOutlet = (change: Partial<Outlet> = {}): Outlet => ({
  id: 'bao-mau',
  name: 'Báo mẫu',
  origin: 'domestic',
  class: 'press',
  kind: 'national',
  country: 'VN',
  languages: ['vi'],
  homepage: null,
  timezone: 'Asia/Ho_Chi_Minh',
  dateOrder: 'day-first',
  sources: [],
  articlePattern: null,
  delaySeconds: 0,
  rules: [],
  notes: null,
  ...change,
})
