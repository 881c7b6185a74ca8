import { openStore } from '../../store/open.ts'
import { draftSample } from './store-samples.ts'

/** Run as a process of its own: `store-child.ts <file> write` writes until it is killed, `… claim` competes for runs. */
const [, , file = '', task = ''] = process.argv
const store = await openStore({ file })

const draft = (i: number) => draftSample({ url: `https://sample.test/${i}.html` }, { title: `Bài mẫu ${i}` })

if (task === 'write') {
  for (let i = 0; i < 30; i++) {
    await store.articles.save(draft(i))
    process.stdout.write(`confirmed ${i}\n`)
  }
  await store.transaction(async (inner) => {
    for (let i = 30; i < 60; i++) await inner.articles.save(draft(i))
    process.stdout.write('open\n')
    // Killed here; the timer only keeps the process alive.
    await new Promise((resolve) => setTimeout(resolve, 60_000))
  })
} else {
  for (let i = 0; i < 40; i++) {
    const run = await store.runs.begin(`job-${i}`, '2025-W40', '2025-10-06T00:00:00.000Z', 60_000)
    if (run) process.stdout.write(`won ${i}\n`)
  }
  await store.close()
}
