import type { Clock } from '../clock.ts'
import { iso } from '../clock.ts'
import { Skip } from '../errors.ts'
import type { Store, User, UserRole } from '../store/store.ts'
import type { PasswordProblem } from './passwords.ts'
import { hashPassword, PASSWORD_LENGTH, passwordProblem, pretendToVerify, verifyPassword } from './passwords.ts'

export interface NewUser {
  /** What one logs in with: lower-case letters, digits, `.`, `_`, `-`. */
  readonly name: string
  /** As shown beside what they did. */
  readonly displayName: string
  readonly password: string
  /** Absent: the first user is the administrator, the others are editors. */
  readonly role?: UserRole
}

const REMEDY: Record<PasswordProblem, string> = {
  short: `Choose at least ${PASSWORD_LENGTH.min} characters; a short sentence is easy to keep in mind.`,
  long: `Choose at most ${PASSWORD_LENGTH.max} characters.`,
  monotone: 'Use at least five different characters.',
  name: 'Leave the user name out of the password.',
}

/**
 * Adds a user; there is no default one. `who` is recorded as the doer, by default the command line.
 * @throws {Skip} `user.name-invalid`, `user.exists`, `user.display-name-missing` or `user.password-<problem>`.
 */
export async function createUser(store: Store, user: NewUser, clock: Clock, who = 'cli'): Promise<User> {
  const name = user.name.normalize('NFC').trim()
  const displayName = user.displayName.normalize('NFC').trim()
  if (!/^[a-z0-9][a-z0-9._-]{1,39}$/.test(name))
    throw new Skip(`"${name}" cannot be a user name`, {
      code: 'user.name-invalid',
      remedy: 'Use 2 to 40 lower-case letters, digits, ".", "_" or "-", beginning with a letter or digit.',
    })
  if (!displayName)
    throw new Skip('the user has no name to show', {
      code: 'user.display-name-missing',
      remedy: 'Give the full name: it stands beside every change this person makes.',
    })
  const problem = passwordProblem(user.password, name)
  if (problem)
    throw new Skip(`the password of "${name}" is refused: ${problem}`, {
      code: `user.password-${problem}`,
      remedy: REMEDY[problem],
    })
  const passwordHash = await hashPassword(user.password)
  const at = iso(clock.now())
  return store.transaction(async (inside) => {
    const created = await inside.users.create({
      ...{ name, displayName, passwordHash, at },
      ...(user.role === undefined ? {} : { role: user.role }),
    })
    await inside.users.log({ who, action: 'user.create', subject: name, detail: displayName, at })
    return created
  })
}

/**
 * @param who is recorded as the doer
 * @throws {Skip} `user.unknown`
 */
export async function setRole(store: Store, name: string, role: UserRole, clock: Clock, who = 'cli'): Promise<void> {
  const user = await store.users.byName(name.normalize('NFC').trim())
  if (!user) throw new Skip(`There is no user "${name}".`, { code: 'user.unknown', remedy: 'See: user list.' })
  const at = iso(clock.now())
  await store.transaction(async (inside) => {
    await inside.users.setRole(user.id, role)
    await inside.users.log({ who, action: 'user.role', subject: user.name, detail: role, at })
  })
}

/** The user whose name and password these are, else null, after the same time; raises an outdated hash to today's cost. */
export async function authenticate(store: Store, name: string, password: string): Promise<User | null> {
  const user = await store.users.byName(name.normalize('NFC').trim())
  if (!user || user.disabledAt) {
    await pretendToVerify(password)
    return null
  }
  const { ok, outdated } = await verifyPassword(password, user.passwordHash)
  if (ok && outdated) await store.users.setPassword(user.id, await hashPassword(password))
  const { passwordHash: _, ...known } = user
  return ok ? known : null
}
