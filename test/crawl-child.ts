import { simulatedClock } from '../clock.ts'
import { openCrawl } from './crawling.ts'
import { sampleOutlet } from './support/sample-outlet.ts'

/** A monitor of its own process, for the test that kills it: one poll over `<folder>` of the feed at `<url>`. */
const [folder = '', url = ''] = process.argv.slice(2)
const outlet = sampleOutlet({ sources: [{ kind: 'feed', url }] })
const crawl = await openCrawl(folder, [outlet], simulatedClock(new Date('2025-10-01T02:00:00Z')))
await crawl.collector.poll()
await crawl.close()
