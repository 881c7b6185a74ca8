import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isoWeek, lastFullWeek, periodOfWeek, previousPeriod } from '../reports/period.ts'

describe('ISO weeks in the province', () => {
  it('a week runs from Monday 00:00 to Monday 00:00 of Hà Nội time', () => {
    expect(periodOfWeek('2025-W40')).toEqual({
      label: '2025-W40',
      from: '2025-09-28T17:00:00.000Z',
      to: '2025-10-05T17:00:00.000Z',
    })
  })

  it('the day is the province’s, not UTC’s', () => {
    expect(isoWeek(new Date('2025-09-28T16:59:59.999Z')).label).toBe('2025-W39')
    expect(isoWeek(new Date('2025-09-28T17:00:00.000Z')).label).toBe('2025-W40')
  })

  it.each([
    ['2020-12-31T05:00:00Z', '2020-W53'],
    ['2021-01-03T05:00:00Z', '2020-W53'],
    ['2021-01-04T05:00:00Z', '2021-W01'],
    ['2024-12-30T05:00:00Z', '2025-W01'],
    ['2026-01-01T05:00:00Z', '2026-W01'],
    ['2027-01-01T05:00:00Z', '2026-W53'],
  ])('%s lies in %s', (instant, label) => {
    expect(isoWeek(new Date(instant)).label).toBe(label)
  })

  it('the previous week crosses the year', () => {
    expect(previousPeriod(periodOfWeek('2021-W01')).label).toBe('2020-W53')
    expect(previousPeriod(periodOfWeek('2026-W01')).label).toBe('2025-W52')
  })

  it('on Monday morning the last full week is the one that ended that night', () => {
    expect(lastFullWeek(new Date('2025-10-06T00:00:00Z')).label).toBe('2025-W40')
    expect(lastFullWeek(new Date('2025-10-05T16:00:00Z')).label).toBe('2025-W39')
  })

  it.each(['2025-W53', '2025-W00', '2025-40', 'W40', '2025-W4'])('refuses %s', (label) => {
    expect(() => periodOfWeek(label)).toThrow(/is not an ISO week/)
  })

  it('every moment lies in the period of its own week, and weeks leave no gap', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
        (date) => {
          const period = periodOfWeek(isoWeek(date).label)
          expect(period.from <= date.toISOString() && date.toISOString() < period.to).toBe(true)
          expect(previousPeriod(period).to).toBe(period.from)
        },
      ),
    )
  })
})
