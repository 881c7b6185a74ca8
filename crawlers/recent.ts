/**
 * Keeps the most recently used entries of a map, so that a memory of hosts does not grow with the web.
 *
 * @param mayGo entries that are in use must stay, even beyond the limit
 */
export interface RecentMap<K, V> {
  readonly get: (key: K) => V | undefined
  readonly set: (key: K, value: V) => void
  readonly delete: (key: K) => void
  readonly size: () => number
}

export function recentMap<K, V>(limit: number, mayGo: (value: V) => boolean = () => true): RecentMap<K, V> {
  const entries = new Map<K, V>()
  const touch = (key: K, value: V): void => {
    entries.delete(key)
    entries.set(key, value)
  }
  return {
    get: (key) => {
      const value = entries.get(key)
      if (value !== undefined) touch(key, value)
      return value
    },
    set: (key, value) => {
      touch(key, value)
      if (entries.size <= limit) return
      for (const [oldest, old] of entries) {
        if (entries.size <= limit) return
        if (oldest !== key && mayGo(old)) entries.delete(oldest)
      }
    },
    delete: (key) => {
      entries.delete(key)
    },
    size: () => entries.size,
  }
}
