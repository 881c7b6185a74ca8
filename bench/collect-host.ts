import { simulatedClock } from '../clock.ts'
import { generateWorld } from '../test/press-world/generate.ts'
import { startPressWorld } from '../test/press-world/world.ts'

/**
 * A press world in a process of its own, so that the monitor's figures are the monitor's: `<kind> <articles>` plays one
 * outlet with so many articles, all of them published, prints its addresses as JSON and ends with its standard input.
 */
const [kind = '', count = ''] = process.argv.slice(2)
const generated = generateWorld({ seed: 3, outlets: 14, articles: Number(count) * 14, days: 3, relevantShare: 0.1 })
const traits = kind === 'scripts' ? { script: 'inline' as const } : {}
const [base] = [...generated.newsrooms.values()]
if (!base) throw new Error('a generated world has outlets')
const newsroom = { ...base, traits, delaySeconds: 0 }
const articles = generated.articles.slice(0, Number(count)).map((article) => ({ ...article, outlet: newsroom.id }))
const world = await startPressWorld({
  articles: articles.filter(({ language }) => language === 'vi'),
  newsrooms: new Map([[newsroom.id, newsroom]]),
  clock: simulatedClock(generated.end),
  trouble: false,
})
// A page that was taken down has no text to read any more.
const gone = new Set(world.changes(generated.end).flatMap(({ kind, url }) => (kind === 'gone' ? [url] : [])))
const urls = world.collectable(generated.end).filter((url) => !gone.has(url))
process.stdout.write(`${JSON.stringify({ outlets: world.outlets, hosts: world.hosts, urls })}\n`)
process.stdin.resume()
process.stdin.on('end', () => {
  world.close().then(
    () => process.exit(0),
    () => process.exit(1),
  )
})
