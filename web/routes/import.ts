import multipart, { type MultipartFile, type MultipartValue } from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { iso } from '../../clock.ts'
import type { ImportSource, ItemOutcome } from '../../crawlers/import/import.ts'
import { importProblem } from '../../crawlers/import/items.ts'
import { describeError } from '../../errors.ts'
import { parseDay, startOfDay } from '../days.ts'
import { type ImportForm, type ImportView, importPage } from '../views/import.ts'
import type { Parts } from '../visit.ts'
import { sendPage, userOf } from '../visit.ts'
import { notFound } from './not-found.ts'

const MOST_FILES = 20
const MOST_MEGABYTES = 20
const MOST_LINKS_BYTES = 256 * 1024
const EMPTY: ImportForm = { links: '', outlet: '', url: '', date: '', note: '' }

type Field = MultipartFile | MultipartValue<unknown>
type Upload = Readonly<Record<string, Field | readonly Field[] | undefined>>

const fieldsOf = (body: Upload, name: string): readonly Field[] => {
  const field = body[name]
  return field === undefined ? [] : 'fieldname' in field ? [field] : field
}

function fieldText(body: Upload, name: string): string {
  const [field] = fieldsOf(body, name)
  return field?.type === 'field' && typeof field.value === 'string' ? field.value.normalize('NFC').trim() : ''
}

interface Brought {
  readonly source: ImportSource
  /** It was cut at the limit of size. */
  readonly cut: boolean
}

/** What was chosen or pasted; a file input that was left alone sends one empty file without a name. */
async function broughtIn(body: Upload, links: string): Promise<readonly Brought[]> {
  const brought: Brought[] = []
  for (const field of fieldsOf(body, 'files')) {
    if (field.type !== 'file') continue
    const bytes = await field.toBuffer()
    if (field.filename === '' && bytes.length === 0) continue
    const name = field.filename.normalize('NFC').slice(0, 200)
    brought.push({ source: { name, bytes }, cut: field.file.truncated })
  }
  if (links !== '') brought.push({ source: { name: null, bytes: Buffer.from(links) }, cut: false })
  return brought
}

/** What crawlers cannot reach, brought in by a person. */
export async function importRoutes(app: FastifyInstance, parts: Parts): Promise<void> {
  const { store, clock, importer, changed } = parts
  // Before the upload is read: nobody but a user may fill the memory.
  app.addHook('onRequest', async (request, reply) => {
    if (!request.visit.user) return reply.redirect('/login?next=%2Fimport', 303)
  })
  await app.register(multipart, {
    attachFieldsToBody: true,
    throwFileSizeLimit: false,
    limits: {
      ...{ fileSize: MOST_MEGABYTES * 1024 * 1024, files: MOST_FILES, fields: 10, parts: MOST_FILES + 10 },
      ...{ fieldSize: MOST_LINKS_BYTES, fieldNameSize: 100, headerPairs: 20 },
    },
  })
  // The form's token arrives as a field with a value; the protection reads it as that of any other form.
  app.addHook('preValidation', async (request) => {
    const body = request.body
    if (typeof body === 'object' && body !== null && '_csrf' in body) body._csrf = fieldText(body as Upload, '_csrf')
  })

  const send = (request: FastifyRequest, reply: FastifyReply, view: Omit<ImportView, 'limits'>): FastifyReply =>
    sendPage(reply, importPage(request.visit, { ...view, limits: { files: MOST_FILES, megabytes: MOST_MEGABYTES } }))

  app.get('/import', async (request, reply) => {
    if (!importer) return notFound(request, reply)
    return send(request, reply, { form: EMPTY, problem: null, results: null })
  })

  app.post<{ Body: Upload }>('/import', async (request, reply) => {
    if (!importer) return notFound(request, reply)
    const { body, visit } = request
    const form: ImportForm = {
      links: fieldText(body, 'links'),
      outlet: fieldText(body, 'outlet'),
      url: fieldText(body, 'url').slice(0, 2000),
      date: fieldText(body, 'date'),
      note: fieldText(body, 'note').slice(0, 1000),
    }
    const brought = await broughtIn(body, form.links)
    const refuse = (problem: string): FastifyReply => send(request, reply.code(422), { form, problem, results: null })
    if (brought.length === 0) return refuse(visit.t('imports.nothing'))
    if (form.url !== '' && brought.length > 1) return refuse(visit.t('imports.oneFile'))
    const day = parseDay(form.date)
    const who = userOf(request).name
    const options = {
      ...{ who, note: form.note || null, outlet: form.outlet || null, url: form.url || null },
      published: day === null ? null : startOfDay(day),
    }
    const results: { file: string | null; item: ItemOutcome }[] = []
    for (const { source, cut } of brought) {
      const { name } = source
      const items = cut ? [tooLarge(name ?? '')] : await importer.importSource(source, options)
      results.push(...items.map((item) => ({ file: name, item })))
      const count = items.filter(({ outcome }) => outcome !== 'refused' && outcome !== 'known').length
      const subject = name ?? visit.t('imports.pasted')
      const detail = `${count}/${items.length}`
      await store.users.log({ who, action: 'article.import', subject, detail, at: iso(clock.now()) })
    }
    changed?.()
    return send(request, reply, { form: EMPTY, problem: null, results })
  })
}

function tooLarge(label: string): ItemOutcome {
  const problem = describeError(importProblem('too-large', `${label} has more than ${MOST_MEGABYTES} MB`))
  return { label, outcome: 'refused', url: null, article: null, problem }
}
