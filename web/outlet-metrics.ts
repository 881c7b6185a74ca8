import { Gauge, type Registry } from 'prom-client'
import type { CoverageStatus, OutletCoverage } from '../crawlers/coverage.ts'

/** Scrapes come every few seconds; the figures behind them change with the polls. */
const KEPT_MS = 60_000

const seconds = (instant: string): number => Date.parse(instant) / 1000

/**
 * Gauges of how collecting each outlet stands, filled at each scrape, at most once a minute: `monitor_outlet_state` (1
 * for the state it is in), last success and last new article (Unix seconds), articles of the last 24 hours beside what
 * the outlet's rhythm lets expect, and the share of its pages that could not be read.
 * @param read the coverage now
 */
export function registerOutletMetrics(
  registry: Registry,
  read: () => Promise<readonly OutletCoverage[]>,
  now: () => Date,
): void {
  let filledAt = Number.NEGATIVE_INFINITY
  let filling: Promise<void> = Promise.resolve()
  // A scrape asks every gauge at once: they wait for the same reading.
  const collect = (): Promise<void> => {
    const at = now().getTime()
    if (at - filledAt >= KEPT_MS) {
      filledAt = at
      filling = read().then(fill)
    }
    return filling
  }
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[]): Gauge<Label> =>
    new Gauge({
      ...{ name: `monitor_outlet_${name}`, help, labelNames: [...labelNames], registers: [registry], collect },
    })
  const state = gauge('state', '1 for the state in which collecting the outlet stands', ['outlet', 'state'])
  const states = gauge('count', 'Outlets in each state', ['state'])
  const lastSuccess = gauge('last_success_timestamp_seconds', 'When a source was last read', ['outlet'])
  const lastArticle = gauge('last_article_timestamp_seconds', 'When a source last gave a new link', ['outlet'])
  const lastDay = gauge('articles_last_day', 'Articles published in the last 24 hours', ['outlet'])
  const usual = gauge('articles_expected_last_day', 'What its own rhythm lets expect', ['outlet'])
  const unread = gauge('unread_share', 'Share of the pages of two days that could not be read', ['outlet'])

  function fill(all: readonly OutletCoverage[]): void {
    for (const one of [state, states, lastSuccess, lastArticle, lastDay, usual, unread]) one.reset()
    const counts = new Map<CoverageStatus, number>()
    for (const { outletId: outlet, ...coverage } of all) {
      state.set({ outlet, state: coverage.status }, 1)
      counts.set(coverage.status, (counts.get(coverage.status) ?? 0) + 1)
      if (coverage.lastSuccessAt !== null) lastSuccess.set({ outlet }, seconds(coverage.lastSuccessAt))
      if (coverage.lastNewItemAt !== null) lastArticle.set({ outlet }, seconds(coverage.lastNewItemAt))
      lastDay.set({ outlet }, coverage.lastDay)
      if (coverage.usual !== null) usual.set({ outlet }, coverage.usual)
      if (coverage.unreadShare !== null) unread.set({ outlet }, coverage.unreadShare)
    }
    for (const [name, count] of counts) states.set({ state: name }, count)
  }
}
