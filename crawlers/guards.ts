import { type LookupAddress, lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { buildConnector } from 'undici'
import { RetryLater, Skip } from '../errors.ts'
import { recentMap } from './recent.ts'

/** Public unicast by its range, yet the metadata and health service of a cloud (Azure). */
const metadata = new Set(['168.63.129.16'])

/** Hosts whose last address is remembered, for the archive. */
const MOST_ADDRESSES = 5000

/**
 * What a page may never make us do: leave http(s), or reach an address inside the network. Addresses are judged after
 * name resolution, on the very socket that is used, and again at each redirect.
 */
export interface Guard {
  /** @throws Skip `guard.scheme`, `guard.credentials` or `guard.address`. */
  readonly checkUrl: (url: URL) => void
  readonly connector: buildConnector.connector
  /** The address of the last connection to the host of `url`, or null. */
  readonly addressOf: (url: URL) => string | null
}

/** True for public unicast addresses; mapped IPv4 addresses are judged as IPv4. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return parsed.range() === 'unicast' && !metadata.has(parsed.toString())
}

/** True when `host:port` or its host alone stands in `hosts`; never a comparison of endings. */
export const listsHost = (hosts: readonly string[], url: { hostname: string; host: string }): boolean =>
  hosts.includes(url.hostname) || hosts.includes(url.host)

const refused = (host: string, address: string): Skip =>
  new Skip(`${host} leads to ${address}, an address inside the network or reserved`, {
    code: 'guard.address',
    remedy: 'Outlets are collected at public addresses only: correct the address of the source.',
  })

/**
 * @param testHosts hosts (`127.0.0.1`, `127.0.0.1:8123`) for which the address check is lifted: tests and the demo only
 * @param resolve the system's resolver; tests give names of their own
 */
export function createGuard(testHosts: readonly string[], resolve: typeof lookup = lookup): Guard {
  const addresses = recentMap<string, string>(MOST_ADDRESSES)
  const literal = (hostname: string): string => hostname.replace(/^\[|\]$/g, '')

  const checkUrl = (url: URL): void => {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      throw new Skip(`${url.protocol} is not collected`, {
        code: 'guard.scheme',
        remedy: 'Only http and https addresses can be collected.',
      })
    }
    if (url.username !== '' || url.password !== '') {
      throw new Skip(`${url.host}: the address carries a user name or password`, {
        code: 'guard.credentials',
        remedy: 'Remove the credentials from the address.',
      })
    }
    const host = literal(url.hostname)
    if (isIP(host) !== 0 && !isPublicAddress(host) && !listsHost(testHosts, url)) throw refused(url.host, host)
  }

  /** Hands on only what may be connected to: one private address among public ones refuses the name. */
  const lookupFor =
    (lifted: boolean): LookupFunction =>
    (hostname, options, callback) => {
      resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
        if (error) {
          const temporary = error.code === 'EAI_AGAIN' || error.code === 'ETIMEOUT'
          const details = { code: 'fetch.dns', remedy: 'Check the name of the host and the resolver.', cause: error }
          return callback(temporary ? new RetryLater(error.message, details) : new Skip(error.message, details), [])
        }
        const bad = lifted ? undefined : addresses.find((found) => !isPublicAddress(found.address))
        if (bad) return callback(refused(hostname, bad.address), [])
        if (options.all) return callback(null, addresses)
        const first = addresses[0]
        if (first) return callback(null, first.address, first.family)
        return callback(refused(hostname, 'no address'), [])
      })
    }

  const options = { timeout: 15_000, allowH2: false, keepAlive: true }
  const strict = buildConnector({ ...options, lookup: lookupFor(false) })
  const lifted = buildConnector({ ...options, lookup: lookupFor(true) })

  const connector: buildConnector.connector = (target, callback) => {
    const host = target.port ? `${target.hostname}:${target.port}` : target.hostname
    const isLifted = listsHost(testHosts, { hostname: target.hostname, host })
    const connect = isLifted ? lifted : strict
    connect(target, (...result) => {
      const [error, socket] = result
      if (error) return callback(error, null)
      const address = socket.remoteAddress ?? ''
      // Last line: whatever the name said before, this is where the bytes would go.
      if (!isLifted && !isPublicAddress(address)) {
        socket.destroy()
        return callback(refused(host, address), null)
      }
      addresses.set(host, address)
      return callback(null, socket)
    })
  }

  return { checkUrl, connector, addressOf: (url) => addresses.get(url.host) ?? null }
}
