/**
 * Work that takes seconds is done once for all who ask for it meanwhile: who presses twice, or beside a colleague, gets
 * what is under way. The next ask after its end begins anew, also after a failure.
 */
export function shareWhileRunning<Key extends readonly string[], T>(
  work: (...key: Key) => Promise<T>,
): (...key: Key) => Promise<T> {
  const running = new Map<string, Promise<T>>()
  return (...key) => {
    const name = JSON.stringify(key)
    const known = running.get(name)
    if (known) return known
    const begun = work(...key).finally(() => running.delete(name))
    running.set(name, begun)
    return begun
  }
}
