import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** Cost of a new hash: 32 MiB, three passes (OWASP Password Storage Cheat Sheet, scrypt): several may log in at once. */
const CURRENT = { logN: 15, r: 8, p: 3 } as const
const KEY_BYTES = 32

interface Parameters {
  readonly logN: number
  readonly r: number
  readonly p: number
}

function derive(password: string, salt: Buffer, { logN, r, p }: Parameters): Promise<Buffer> {
  const N = 2 ** logN
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r }, (error, key) => {
      if (error) reject(error)
      else resolve(key)
    })
  })
}

/** `$scrypt$ln=15,r=8,p=3$<salt>$<key>`, both base64: the parameters travel with the hash, so that they can rise. */
export async function hashPassword(password: string, cost: Parameters = CURRENT): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, cost)
  const { logN, r, p } = cost
  return `$scrypt$ln=${logN},r=${r},p=${p}$${salt.toString('base64')}$${key.toString('base64')}`
}

const FORMAT = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)$/

/**
 * Compares in constant time. `outdated`: the password is right and its hash was made at another cost than today's.
 * @throws {RangeError} when `hash` is none of ours: the store is damaged, nobody mistyped.
 */
export async function verifyPassword(password: string, hash: string): Promise<{ ok: boolean; outdated: boolean }> {
  const [, logN, r, p, salt, key] = FORMAT.exec(hash) ?? []
  if (!logN || !r || !p || !salt || !key) throw new RangeError('password hash of unknown form')
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) }
  const expected = Buffer.from(key, 'base64')
  const given = await derive(password, Buffer.from(salt, 'base64'), cost)
  const ok = expected.length === given.length && timingSafeEqual(expected, given)
  const outdated = cost.logN !== CURRENT.logN || cost.r !== CURRENT.r || cost.p !== CURRENT.p
  return { ok, outdated: ok && outdated }
}

/** Takes as long as a real comparison: an unknown name must not answer faster than a wrong password. */
export async function pretendToVerify(password: string): Promise<void> {
  await derive(password, randomBytes(16), CURRENT)
}

/** Least number of characters (NIST SP 800-63B asks for length, not for kinds of characters). */
export const PASSWORD_LENGTH = { min: 12, max: 200 } as const

export type PasswordProblem = 'short' | 'long' | 'name' | 'monotone'

/** What is wrong with a new password; null: nothing. */
export function passwordProblem(password: string, name: string): PasswordProblem | null {
  const characters = [...password.normalize('NFC')]
  if (characters.length < PASSWORD_LENGTH.min) return 'short'
  if (characters.length > PASSWORD_LENGTH.max) return 'long'
  if (new Set(characters).size < 5) return 'monotone'
  if (password.toLowerCase().includes(name.toLowerCase())) return 'name'
  return null
}
