import { describe, expect, it } from 'vitest'
import { DAY, flood, gold, HOUR, MINUTE, market, visitRoom } from './support/visit-room.ts'

const { clock, answers, crawl, open, begin, later, asked, articleAt, fateOf, outcomesOf } = visitRoom()

describe('the plan', () => {
  it('reads an article again after 1 h, 6 h, 1 d, 3 d, 7 d and 30 d, and then no more', async () => {
    await begin({ '/cho': market() })
    expect((await articleAt('/cho')).assessment).toMatchObject({ sensitive: false, relevance: { level: 'main' } })
    const counts: number[] = []
    for (const wait of [
      59 * MINUTE,
      MINUTE,
      5 * HOUR,
      18 * HOUR,
      2 * DAY,
      4 * DAY,
      22 * DAY,
      DAY,
      23 * DAY,
      300 * DAY,
    ]) {
      await later(wait)
      counts.push(asked('/cho') - 1)
    }
    expect(counts).toEqual([0, 1, 2, 3, 4, 5, 5, 6, 6, 6])
  })

  it('reads a sensitive article more often', async () => {
    await begin({ '/lu': flood, '/cho': market() })
    expect((await articleAt('/lu')).assessment?.sensitive).toBe(true)
    for (let quarter = 0; quarter < 24; quarter += 1) await later(15 * MINUTE)
    expect([asked('/lu') - 1, asked('/cho') - 1]).toEqual([4, 2])
  })

  it('makes one visit of those that passed while the monitor was off, and survives a restart', async () => {
    await begin({ '/cho': market() })
    await crawl().close()
    clock.advance(25 * HOUR)
    await open()
    await crawl().collector.poll()
    expect(asked('/cho')).toBe(2)
    expect(await crawl().store.visits.nextAt((await articleAt('/cho')).id)).toBe('2025-10-04T02:00:00.000Z')
  })

  it('leaves irrelevant articles alone, until a person says that they are not', async () => {
    await begin({ '/vang': gold })
    const { id } = await articleAt('/vang')
    await later(2 * DAY)
    expect(asked('/vang')).toBe(1)
    const correct = (value: string) =>
      crawl().store.assessments.correct({
        articleId: id,
        field: 'relevance',
        value,
        note: null,
        who: 'lan',
        at: clock.now().toISOString(),
      })
    await correct('main')
    await later(MINUTE)
    expect(asked('/vang')).toBe(2)
    await correct('none')
    await later(5 * DAY)
    expect(asked('/vang')).toBe(2)
  })

  it('does not visit what became relevant when it was long old', async () => {
    await begin({ '/vang': gold })
    const { id } = await articleAt('/vang')
    clock.advance(40 * DAY)
    await crawl().store.assessments.correct({
      articleId: id,
      field: 'relevance',
      value: 'main',
      note: null,
      who: 'lan',
      at: clock.now().toISOString(),
    })
    expect(await crawl().store.visits.nextAt(id)).toBeNull()
  })

  it('asks politely: what robots.txt has come to forbid is not fetched', async () => {
    await begin({ '/cho': market() })
    answers['/robots.txt'] = (_, response) => response.end('User-agent: *\nDisallow: /cho\n')
    await later(26 * HOUR)
    expect(asked('/cho')).toBe(1)
    expect(await outcomesOf('/cho')).toEqual(['refused robots.disallowed'])
    expect(await fateOf('/cho')).toBeNull()
  })
})
