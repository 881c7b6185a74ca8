import { Configuration, LocalEventManager, Log, LogLevel } from '@crawlee/core'
import { HttpCrawler } from '@crawlee/http'
import type { Fetched, HttpClient } from './http-client.ts'
import type { Job, JobQueue } from './job-queue.ts'

const errorStatuses = Array.from({ length: 100 }, (_, at) => 500 + at)

/**
 * Works off a queue with crawlee's HTTP crawler. Returns when the queue is finished and every handler has ended.
 * @param options `take` gets each response; `fail` each failure of a request or of `take`, and must not throw
 */
export async function runCrawl(options: {
  readonly queue: JobQueue
  readonly client: HttpClient
  readonly take: (job: Job, fetched: Fetched) => Promise<void>
  readonly fail: (job: Job, error: unknown) => Promise<void>
  readonly maxConcurrency: number
  readonly signal?: AbortSignal | undefined
}): Promise<void> {
  const { queue, client, take, fail, maxConcurrency, signal } = options
  // crawlee lets its handlers go on when it is interrupted; whoever closes the store must not.
  const under = new Set<Promise<void>>()
  const track = (work: Promise<void>): Promise<void> => {
    under.add(work)
    return work.finally(() => under.delete(work))
  }

  const crawler = new HttpCrawler(
    {
      requestList: queue.list,
      httpClient: client.forCrawlee(signal),
      requestHandler: ({ request, response }) => track(take(queue.jobOf(request), client.fetchedOf(response))),
      failedRequestHandler: ({ request }, error) => track(fail(queue.jobOf(request), error)),
      // Retries belong to the frontier; sessions and generated headers would make a browser of us.
      maxRequestRetries: 0,
      useSessionPool: false,
      ignoreSslErrors: false,
      additionalMimeTypes: ['*/*'],
      ignoreHttpErrorStatusCodes: errorStatuses,
      // The client has its own limits; waiting for a host counts as navigation here.
      navigationTimeoutSecs: 3600,
      requestHandlerTimeoutSecs: 600,
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
