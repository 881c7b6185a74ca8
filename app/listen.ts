import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import { Fatal } from '../errors.ts'

/**
 * Listens where the configuration says; returns the address.
 * @throws {Fatal} when the port is in use or may not be listened on
 */
export async function listen(server: FastifyInstance, { host, port }: Config): Promise<string> {
  try {
    return await server.listen({ host, port })
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null
    if (code === 'EADDRINUSE') {
      throw new Fatal(`Port ${port} on ${host} is in use.`, {
        code: 'web.port-in-use',
        remedy: 'Stop the other program (perhaps a second monitor), or set MONITOR_PORT to a free port.',
        cause,
      })
    }
    if (code === 'EADDRNOTAVAIL' || code === 'EACCES') {
      throw new Fatal(`The monitor may not listen on ${host}:${port} (${code}).`, {
        code: 'web.cannot-listen',
        remedy: 'Set MONITOR_HOST to an address of this machine and MONITOR_PORT to a port above 1023.',
        cause,
      })
    }
    throw cause
  }
}
