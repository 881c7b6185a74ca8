import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import type { Clock } from '../../clock.ts'
import { openStore } from '../../store/open.ts'
import type { Store } from '../../store/store.ts'

export interface StoreRoom {
  readonly folder: string
  readonly store: Store
}

/** A fresh store in a folder of its own for each test; `file` is its name there. */
export function storeRoom(name: string, { file, clock }: { readonly file: string; readonly clock?: () => Clock }) {
  let room: StoreRoom | undefined
  const open = (): StoreRoom => {
    if (room === undefined) throw new Error(`the room ${name} is open within tests only`)
    return room
  }
  beforeEach(async () => {
    const folder = await mkdtemp(join(tmpdir(), `${name}-`))
    room = { folder, store: await openStore({ file: join(folder, file), ...(clock ? { clock: clock() } : {}) }) }
  })
  afterEach(async () => {
    const { store, folder } = open()
    room = undefined
    await store.close()
    await rm(folder, { recursive: true, force: true })
  })
  return open
}
