/**
 * A process that evaluates and delivers alerts once, for tests that kill it: `node alert-child.ts <folder> <smtp url> <mode>`.
 * The folder holds store.sqlite and profile.json.
 * In the mode `hang` it never returns from the channel: it tells its parent `sent` and waits to be killed.
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Channel } from '../../alerts/channels/channel.ts'
import { emailChannel } from '../../alerts/channels/email.ts'
import { deliverAlerts } from '../../alerts/deliver.ts'
import { evaluateAlerts } from '../../alerts/evaluate.ts'
import { simulatedClock } from '../../clock.ts'
import type { Profile } from '../../profiles/schema.ts'
import { openStore } from '../../store/open.ts'

const [folder = '', url = '', mode = ''] = process.argv.slice(2)
const clock = simulatedClock(new Date('2025-10-01T03:00:00.000Z'))
const store = await openStore({ file: join(folder, 'store.sqlite'), clock })
const profile: Profile = JSON.parse(readFileSync(join(folder, 'profile.json'), 'utf8'))
const mail = emailChannel({ url, from: 'monitor@example.vn', to: ['so@example.vn'] })
const hanging: Channel = {
  name: 'email',
  send: async (alert) => {
    await mail.send(alert)
    process.send?.('sent')
    return new Promise(() => undefined)
  },
}
const channels = [mode === 'hang' ? hanging : mail]
await evaluateAlerts({ store, profile, now: clock.now(), channels })
const run = await deliverAlerts({ store, profile, channels, clock, publicUrl: 'http://127.0.0.1:8080' })
await store.close()
process.send?.(run)
process.disconnect?.()
