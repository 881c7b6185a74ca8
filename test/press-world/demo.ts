import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { scriptOptions } from '../../cli/script-options.ts'
import { createUser } from '../../web/users.ts'
import { loadSamples } from './articles.ts'
import { midnight, play } from './play.ts'

/** `npm run demo`: the whole job on loopback with our own sample articles; `-- --once` opens nothing and exits. */

const WEEK = '2025-W40'
const [from, to] = [midnight('2025-09-29'), midnight('2025-10-06')]
const STEP_HOURS = 6
const QUERIES = ['lao cai lũ quét', '老街']

const values = scriptOptions('npm run demo --', {
  once: { type: 'boolean', default: false },
  port: { type: 'string', value: 'number' },
})
const out = join(import.meta.dirname, '..', '..', 'out')
const started = performance.now()

/** The office's mail server: it takes what comes and counts. */
let mails = 0
const mailServer = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData: (stream, _session, done) => {
    stream.resume()
    stream.on('end', () => {
      mails++
      done()
    })
  },
})
await new Promise<void>((resolve) => mailServer.listen(0, '127.0.0.1', resolve))
const address = mailServer.server.address()
if (address === null || typeof address === 'string') throw new Error('the mail server of the demo has no port')

const dataFolder = await mkdtemp(join(tmpdir(), 'press-demo-'))
const played = await play({
  articles: await loadSamples(),
  start: from,
  stepHours: STEP_HOURS,
  trouble: true,
  dataFolder,
  env: {
    ...process.env,
    MONITOR_PORT: values.port ?? '0',
    MONITOR_SMTP_URL: `smtp://127.0.0.1:${address.port}`,
    MONITOR_SMTP_FROM: 'monitor@laocai.example',
    MONITOR_ALERT_TO: 'press-office@laocai.example',
  },
})

async function stop(): Promise<void> {
  await played.close()
  await new Promise<void>((resolve) => mailServer.close(() => resolve()))
  await rm(dataFolder, { recursive: true, force: true })
}

const { outlets, problems } = await played.run(from, to, STEP_HOURS, () => undefined)
const { store } = played.monitor
const relevant = await store.articles.count({ relevance: ['main', 'mention'] })
const fetched = [...outlets.values()].reduce((sum, outlet) => sum + outlet.fetched, 0)
console.log(
  `Collected ${await store.articles.count({})} sample articles (${fetched} pages), ${relevant} about the province.`,
)
for (const { url, code, message } of problems) console.log(`  recorded as it is — ${code}: ${message} (${url})`)
console.log(`Alerts: ${(await store.alerts.list(1000)).length}, mails that the mail server took: ${mails}.`)
for (const file of await played.report(WEEK, out)) console.log(`Written: ${file}`)

const password = randomBytes(12).toString('base64url')
await createUser(store, { name: 'demo', displayName: 'Chuyên viên mẫu', password }, played.clock)
const url = await played.monitor.serve({ schedule: false })
for (const query of QUERIES) {
  const { total, hits } = await played.monitor.index.search({
    text: query,
    filters: {},
    sort: 'rank',
    offset: 0,
    limit: 1,
  })
  console.log(`Search "${query}": ${total} articles, first "${hits[0]?.title.text ?? '—'}"`)
}
console.log(`Done in ${((performance.now() - started) / 1000).toFixed(1)} s.`)

if (values.once) await stop()
else {
  console.log(
    `\n${url}/search?q=${encodeURIComponent(QUERIES[0] ?? '')}\nuser: demo\npassword: ${password}\nCtrl-C ends it.`,
  )
  const opener = process.platform === 'win32' ? 'explorer' : process.platform === 'darwin' ? 'open' : 'xdg-open'
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .on('error', () => console.log('No browser could be started: open the address above yourself.'))
    .unref()
  process.once('SIGINT', () => {
    stop().catch((error: unknown) => {
      console.error(error)
      process.exitCode = 1
    })
  })
}
