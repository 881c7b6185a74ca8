import type { Selectable } from 'kysely'
import { Skip } from '../errors.ts'
import { fieldValue, readEffective, refreshEffective } from './effective.ts'
import type { Schema } from './schema.ts'
import type { Scope } from './scope.ts'
import type { Assessments, Correction } from './store.ts'
import { nfc, nfcOrNull } from './text.ts'

export function assessmentsOf(scope: Scope): Assessments {
  return {
    put: (articleId, version, key, assessment, at) =>
      scope.write(async (db) => {
        const { step, stepVersion, profileDigest, modelDigest } = key
        const data = nfc(JSON.stringify(assessment))
        const { id } = await db
          .insertInto('assessment')
          .values({ articleId, version, step, stepVersion, profileDigest, modelDigest, at, data })
          .onConflict((conflict) =>
            conflict
              .columns(['articleId', 'version', 'step', 'stepVersion', 'profileDigest', 'modelDigest'])
              .doUpdateSet({ at, data }),
          )
          .returning('id')
          .executeTakeFirstOrThrow()
        const current = await db
          .updateTable('article')
          .set({ assessmentId: id })
          .where('id', '=', articleId)
          .where('version', '=', version)
          .executeTakeFirst()
        // An assessment of an older version is kept, and changes nothing that readers see.
        if (current.numUpdatedRows === 1n) await refreshEffective(db, articleId, at)
      }),

    ofMachine: (articleId) =>
      scope.read(async (db) => {
        const row = await db
          .selectFrom('article')
          .innerJoin('assessment', 'assessment.id', 'article.assessmentId')
          .selectAll('assessment')
          .where('article.id', '=', articleId)
          .executeTakeFirst()
        if (!row) return null
        const { step, stepVersion, profileDigest, modelDigest, data } = row
        return { key: { step, stepVersion, profileDigest, modelDigest }, assessment: JSON.parse(data) }
      }),

    correct: ({ articleId, field, value, note, who, at }) =>
      scope.write(async (db) => {
        requireValid(field, value)
        const before = fieldValue((await readEffective(db, articleId)).assessment, field)
        await db
          .insertInto('correction')
          .values({
            articleId,
            field,
            value: JSON.stringify(value),
            before: JSON.stringify(before),
            note: nfcOrNull(note),
            who: nfc(who),
            at,
          })
          .execute()
        await refreshEffective(db, articleId, at)
      }),

    corrections: (articleId) =>
      scope.read(async (db) => {
        let query = db.selectFrom('correction').selectAll().orderBy('id')
        if (articleId !== undefined) query = query.where('articleId', '=', articleId)
        return (await query.execute()).map(correctionOf)
      }),
  }
}

const levels: readonly unknown[] = ['main', 'mention', 'none']
const tones: readonly unknown[] = ['positive', 'neutral', 'negative']

function requireValid(field: Correction['field'], value: Correction['value']): void {
  const valid = {
    relevance: levels.includes(value),
    tone: tones.includes(value),
    sensitive: typeof value === 'boolean',
    topics: Array.isArray(value) && value.every((id) => typeof id === 'string' && id !== ''),
  }[field]
  if (!valid)
    throw new Skip(`${JSON.stringify(value)} is not a value of ${field}.`, {
      code: 'correction.invalid',
      remedy: 'Choose one of the values offered.',
    })
}

function correctionOf({ id: _id, value, before, ...rest }: Selectable<Schema['correction']>): Correction {
  return { ...rest, value: JSON.parse(value), before: JSON.parse(before) }
}
