import { Configuration, LocalEventManager, Log, LogLevel } from '@crawlee/core'
import { BasicCrawler } from '@crawlee/http'
import type { Fetched } from './http-client.ts'
import type { Job, JobQueue } from './job-queue.ts'

/**
 * Works off a queue with crawlee. Returns when the queue is finished and every handler has ended.
 * @param options `fetch` gets the page, over HTTP or with a browser; `take` gets each response; `fail` each failure of
 * either, and must not throw
 */
export async function runCrawl(options: {
  readonly queue: JobQueue
  readonly fetch: (job: Job) => Promise<Fetched>
  readonly take: (job: Job, fetched: Fetched) => Promise<void>
  readonly fail: (job: Job, error: unknown) => Promise<void>
  readonly maxConcurrency: number
}): Promise<void> {
  const { queue, fetch, take, fail, maxConcurrency } = options
  // crawlee lets its handlers go on when it is interrupted; whoever closes the store must not.
  const under = new Set<Promise<void>>()

  const handle = async (job: Job): Promise<void> => {
    try {
      await take(job, await fetch(job))
    } catch (error) {
      await fail(job, error)
    }
  }

  const crawler = new BasicCrawler(
    {
      requestList: queue.list,
      requestHandler: ({ request }) => {
        const work = handle(queue.jobOf(request))
        under.add(work)
        return work.finally(() => under.delete(work))
      },
      // Retries belong to the frontier; sessions would make a browser of us.
      maxRequestRetries: 0,
      useSessionPool: false,
      // The client has its own limits; waiting for a host counts here.
      requestHandlerTimeoutSecs: 4200,
      minConcurrency: maxConcurrency,
      maxConcurrency,
      autoscaledPoolOptions: { maybeRunIntervalSecs: 0.1, loggingIntervalSecs: null },
      statisticsOptions: {
        persistenceOptions: { enable: false },
        logIntervalSecs: 86_400,
        saveErrorSnapshots: false,
      },
      statusMessageLoggingInterval: 86_400,
      log: new Log({ level: LogLevel.OFF }),
    },
    quietConfiguration(),
  )
  await crawler.run()
  while (under.size > 0) await Promise.allSettled([...under])
}

/** Nothing on disk, and no load figures: crawlee takes them by starting `ps`, and our concurrency is fixed. */
function quietConfiguration(): Configuration {
  const settings = { persistStorage: false, purgeOnStart: false }
  const eventManager = Object.assign(new LocalEventManager(new Configuration(settings)), {
    emitSystemInfoEvent: async (done: () => unknown) => {
      done()
    },
  })
  return new Configuration({ ...settings, eventManager })
}
