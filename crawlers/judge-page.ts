import { RetryLater, Skip } from '../errors.ts'
import type { Fetched } from './http-client.ts'
import { retryAfterMs } from './politeness.ts'

/** Marks of pages that ask whether a person is reading, instead of the article. */
const challenge =
  /cf-chl-|challenge-platform|_Incapsula_Resource|id="distilCaptchaForm"|g-recaptcha[^>]{0,200}data-sitekey/
const textual = /^(?:text\/|application\/(?:[\w.-]+\+)?(?:xml|json)|application\/octet-stream)/i

/** A status that may be another one later: the work is kept. Null for all others. */
export function temporaryProblem(fetched: Fetched, now: Date): RetryLater | null {
  const { status } = fetched
  if (![408, 425, 429].includes(status) && status < 500) return null
  const throttled = status === 429 || status === 503
  return new RetryLater(`${fetched.url} answers ${status}`, {
    code: throttled ? 'fetch.throttled' : 'fetch.server-error',
    remedy: throttled
      ? 'The host asks for fewer requests: raise its delaySeconds.'
      : 'Nothing to do: it is tried again.',
    afterMs: retryAfterMs(fetched.headers['retry-after'] ?? null, now),
  })
}

function isChallenge(fetched: Fetched): boolean {
  if (fetched.headers['cf-mitigated'] === 'challenge') return true
  if (fetched.status === 200 && fetched.body.length > 60_000) return false
  return (
    challenge.test(Buffer.from(fetched.body.subarray(0, 60_000)).toString('latin1')) && fetched.body.length < 60_000
  )
}

/** Why a response holds no article, or null. `wanted` is the address that was asked for. */
export function judgePage(fetched: Fetched, wanted: string): Skip | null {
  const { status, url } = fetched
  const problem = (code: string, message: string, remedy: string): Skip =>
    new Skip(`${url} ${message}`, { code, remedy })
  if (status === 404 || status === 410) {
    return problem('page.gone', `answers ${status}`, 'The outlet has taken it down, or its feed links are wrong.')
  }
  if (isChallenge(fetched)) {
    return problem('page.challenge', 'asks whether a person is reading', 'Ask the outlet to let the monitor read.')
  }
  if (status === 451) {
    // RFC 7725: refused for legal reasons, as a rule to readers of a country.
    return problem(
      'page.refused-here',
      'answers 451: it is not shown where the monitor stands',
      'Nothing: it is reported as unreachable, and no detour is taken. Bring single articles in by hand.',
    )
  }
  if (status === 401 || status === 403) {
    return problem('page.forbidden', `answers ${status}`, 'The outlet does not let the monitor read: ask it.')
  }
  if (status < 200 || status >= 300) {
    return problem('page.status', `answers ${status}`, 'Open the address in a browser and see what it shows.')
  }
  if (fetched.body.length === 0) {
    return problem('page.empty', 'is empty', 'Nothing to do unless it happens to every page of the outlet.')
  }
  const type = fetched.headers['content-type'] ?? ''
  if (type !== '' && !textual.test(type)) {
    return problem('page.not-html', `is ${type.slice(0, 60)}`, 'Only pages are read; bring documents in by hand.')
  }
  if (fetched.redirects.length > 0 && isHome(fetched.finalUrl) && !isHome(wanted)) {
    return problem('page.redirected-home', 'leads to the home page', 'The outlet has taken it down.')
  }
  return null
}

const isHome = (url: string): boolean => {
  const { pathname, search } = new URL(url)
  return pathname === '/' && search === ''
}
