import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** CPU of this process, user and system, that `work` takes; milliseconds. */
export async function cpuOf(work: () => unknown | Promise<unknown>): Promise<number> {
  const start = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

/** Memory in use after a full garbage collection, bytes. */
export function memoryInUse(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
