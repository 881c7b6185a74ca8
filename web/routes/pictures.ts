import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { EVIDENCE_FORMATS, evidenceFile, evidenceFolder } from '../../crawlers/evidence.ts'
import { digestOf } from '../../crawlers/http-client.ts'
import { problemPage } from '../views/problem.ts'
import type { Parts } from '../visit.ts'
import { sendPage } from '../visit.ts'
import { notFound } from './not-found.ts'

const TYPES = { png: 'image/png', pdf: 'application/pdf' } as const

/** What a foreign page drew is a file to keep: opened here by mistake, it may do and load nothing. */
const FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"

/** Null when there is no such file. */
async function bytesOf(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Hands out pictures that the store names, as long as they are what it says; the request only chooses among them. */
export function picturesRoutes(app: FastifyInstance, { store, dataFolder }: Parts): void {
  app.get<{ Params: { id: string; file: string } }>('/articles/:id/evidence/:file', async (request, reply) => {
    const [, number = '', ending] = /^([1-9]\d{0,5})\.([a-z]{3})$/.exec(request.params.file) ?? []
    const format = EVIDENCE_FORMATS.find((known) => known === ending)
    const record = format ? await store.evidence.get(request.params.id, Number(number)) : null
    if (!format || !record?.taken) return notFound(request, reply)
    const { articleId, version } = record
    const file = evidenceFile(articleId, version, format)
    const bytes = await bytesOf(join(evidenceFolder(dataFolder), file))
    if (bytes === null || digestOf(bytes) !== record.taken[format].digest) {
      request.log.error({ file, missing: bytes === null }, 'a picture is not what the store says')
      const { t } = request.visit
      const problem = {
        title: t('evidence.damaged.title'),
        what: t('evidence.damaged.what', { file }),
        remedy: t('evidence.damaged.remedy'),
        code: bytes === null ? 'evidence.missing' : 'evidence.altered',
      }
      return sendPage(reply.code(409), problemPage(request.visit, problem))
    }
    return reply
      .header('content-security-policy', FILE_POLICY)
      .header('content-disposition', `attachment; filename="${articleId}-v${version}.${format}"`)
      .type(TYPES[format])
      .send(bytes)
  })
}
