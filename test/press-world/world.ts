import { type Clock, iso, systemClock } from '../../clock.ts'
import type { Outlet } from '../../model.ts'
import type { ArticleChange, WorldArticle } from './articles.ts'
import { type Newsroom, newsrooms } from './outlets.ts'
import { newsroomPlayer, type Player, troublePlayer } from './player.ts'
import { type Addresses, type RequestRecord, type Running, start } from './server.ts'

export interface PressWorldOptions {
  readonly articles: readonly WorldArticle[]
  /** What is not yet published by this clock does not exist yet. */
  readonly clock?: Clock
  /** First port, the outlets taking the following ones; 0 (the default): any free ports. */
  readonly port?: number
  /** Feeds and front pages show what is at most this old; poll more often than that and nothing is lost. 6 by default. */
  readonly feedHours?: number
  /** Other newsrooms than those of outlets.ts: a generated world. */
  readonly newsrooms?: ReadonlyMap<string, Newsroom>
  /** Whether the outlet with everything wrong takes part. true by default. */
  readonly trouble?: boolean
}

export interface PressWorld {
  /** As a monitor follows them, at their loopback addresses. */
  readonly outlets: readonly Outlet[]
  /** Outlet id → `http://127.0.0.1:port`. */
  readonly origins: ReadonlyMap<string, string>
  /** `127.0.0.1:port` of each outlet: for the list of hosts for which the guard against private addresses is lifted. */
  readonly hosts: readonly string[]
  /** Every request answered, in order. */
  readonly requests: readonly RequestRecord[]
  /** Address of an article's page. @throws when the world has no such article */
  readonly urlOf: (articleId: string) => string
  /** Addresses that a monitor without gaps has collected when the clock reads `at`; the pages with trouble included. */
  readonly collectable: (at: Date) => string[]
  /** Edits and take-downs that such a monitor has met when the clock reads `at`, whatever time it needs to notice. */
  readonly changes: (at: Date) => WorldChange[]
  /** What each host asks of its visitors. */
  readonly manners: ReadonlyMap<string, Manners>
  readonly close: () => Promise<void>
}

export type WorldChange = ArticleChange & {
  readonly articleId: string
  readonly outletId: string
  readonly url: string
}

export interface Manners {
  readonly outletId: string
  /** Path patterns of robots.txt. */
  readonly disallow: readonly string[]
  /** Least pause between two requests: of the definition or of robots.txt, whichever is longer. Seconds. */
  readonly delaySeconds: number
}

/**
 * Plays outlets on loopback, each a host of its own (127.0.0.1 with its own port), so that robots.txt, pauses and
 * conditional requests mean what they mean outside. Only outlets that have articles take part.
 */
export async function startPressWorld(options: PressWorldOptions): Promise<PressWorld> {
  const clock = options.clock ?? systemClock
  const requests: RequestRecord[] = []
  const byOutlet = groupByOutlet(options.articles, options.newsrooms ?? newsrooms)
  const players: Player[] = [...byOutlet].map(([newsroom, articles]) =>
    newsroomPlayer(newsroom, articles, options.feedHours ?? 6),
  )
  if (options.trouble ?? true) players.push(troublePlayer(clock.now()))

  const running: Running[] = []
  const twins: Running[] = []
  try {
    for (const [index, player] of players.entries()) {
      const addresses: Addresses = { main: '', mobile: null }
      const main = await start(player, options.port ? options.port + index : 0, clock, requests, addresses)
      running.push(main)
      addresses.main = main.origin
      if (!player.hasMobileHost) continue
      const twin = await start(player, 0, clock, requests, addresses)
      twins.push(twin)
      addresses.mobile = twin.origin
    }
  } catch (error) {
    await Promise.all([...running, ...twins].map(({ close }) => close()))
    throw error
  }
  const all = [...running, ...twins]

  const urls = new Map(running.flatMap(({ player, origin }) => player.pages.map(({ id, path }) => [id, origin + path])))
  return {
    outlets: running.map(({ player, origin }) => player.outlet(origin)),
    origins: new Map(running.map(({ player, origin }) => [player.id, origin])),
    hosts: all.map(({ origin }) => new URL(origin).host),
    requests,
    urlOf: (articleId) => {
      const url = urls.get(articleId)
      if (url === undefined) throw new Error(`the press world has no article "${articleId}"`)
      return url
    },
    collectable: (at) =>
      running.flatMap(({ player, origin }) =>
        player.pages.filter(({ published }) => published <= iso(at)).map(({ path }) => origin + path),
      ),
    changes: (at) =>
      running.flatMap(({ player, origin }) =>
        player.pages.flatMap(({ id, path, changes }) =>
          changes
            .filter((change) => change.at <= iso(at))
            .map((change) => ({ ...change, articleId: id, outletId: player.id, url: origin + path })),
        ),
      ),
    manners: new Map(
      all.map(({ player, origin }) => {
        const delaySeconds = Math.max(player.outlet(origin).delaySeconds, player.crawlDelay)
        return [new URL(origin).host, { outletId: player.id, disallow: player.disallow, delaySeconds }]
      }),
    ),
    close: async () => {
      await Promise.all(all.map(({ close }) => close()))
    },
  }
}

function groupByOutlet(
  articles: readonly WorldArticle[],
  known: ReadonlyMap<string, Newsroom>,
): Map<Newsroom, WorldArticle[]> {
  const groups = new Map<Newsroom, WorldArticle[]>()
  for (const article of articles) {
    const newsroom = known.get(article.outlet)
    if (!newsroom)
      throw new Error(
        `article "${article.id}" names the outlet "${article.outlet}", which the press world does not have: ${[...known.keys()].join(', ')}`,
      )
    const group = groups.get(newsroom)
    if (group) group.push(article)
    else groups.set(newsroom, [article])
  }
  return groups
}
