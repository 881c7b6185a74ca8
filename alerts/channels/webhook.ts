import { createHmac } from 'node:crypto'
import type { Channel, OutgoingAlert, SendOutcome } from './channel.ts'
import type { NoticeChannel } from './notice.ts'

export interface WebhookOptions {
  readonly url: string
  /** Signs the body with HMAC-SHA-256; null: no signature. */
  readonly secret: string | null
  /** Without an answer for so long, the outcome is unknown. Default 15 s. */
  readonly timeoutMs?: number
}

/** No connection was made, so that nothing was handed over. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/**
 * Posts alerts as JSON. The id stands in `Idempotency-Key`, the same on every re-sending, so that a receiver can tell;
 * `X-Monitor-Signature: sha256=<hex>` signs the body. Redirects are not followed: they would carry the alert elsewhere.
 */
export function webhookChannel(options: WebhookOptions): Channel {
  return { name: 'webhook', send: (alert) => post(options, alert.id, payload(alert)) }
}

/** Posts troubles to the administrator, the same way, with `"type": "notice"`. */
export function webhookNotices(options: WebhookOptions): NoticeChannel {
  return {
    name: 'webhook',
    send: ({ id, content, resent }) => post(options, id, { type: 'notice', id, resent, ...content }),
  }
}

async function post(
  { url, secret, timeoutMs = 15_000 }: WebhookOptions,
  id: string,
  what: object,
): Promise<SendOutcome> {
  const body = JSON.stringify(what)
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'laocai-press-monitor',
    'idempotency-key': id,
  }
  if (secret !== null)
    headers['x-monitor-signature'] = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
    await response.body?.cancel()
    return answer(response.status)
  } catch (error) {
    return failure(error)
  }
}

/** What the receiver gets; texts in Vietnamese, instants in UTC. */
const payload = ({ id, content, resent }: OutgoingAlert) => ({ id, resent, ...content })

function answer(status: number): SendOutcome {
  if (status >= 200 && status < 300) return { state: 'confirmed', note: null }
  if (status >= 300 && status < 400) return { state: 'rejected', error: `HTTP ${status}: redirects are not followed` }
  const later = status >= 500 || status === 408 || status === 425 || status === 429
  return { state: later ? 'not-sent' : 'rejected', error: `HTTP ${status}` }
}

function failure(error: unknown): SendOutcome {
  const cause = error instanceof Error ? error.cause : undefined
  const reason = cause instanceof Error ? cause : error
  const code = reason instanceof Error && 'code' in reason && typeof reason.code === 'string' ? reason.code : ''
  const text = reason instanceof Error ? [code, reason.message].filter((part) => part !== '').join(' ') : String(reason)
  return { state: NEVER_CONNECTED.has(code) ? 'not-sent' : 'unknown', error: text }
}
