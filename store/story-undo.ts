import { Skip } from '../errors.ts'
import type { Db } from './scope.ts'
import type { StoryDeed } from './story-desk.ts'
import { articlesOfStory, noTitles, put, redate, storyAt, titleOfArticle } from './story-rows.ts'

const changedSince = (editId: number): Skip =>
  new Skip(`Nothing of the edit ${editId} stands any more.`, {
    code: 'story.changed-since',
    remedy: 'Put the articles or the title right by hand; the history shows what came after.',
  })

interface Undone {
  readonly record: StoryDeed
  readonly touched: readonly string[]
  readonly result: string
}

/** Takes back an edit as far as it still stands (see `StoryDesk.undo`). */
export async function undone(db: Db, editId: number): Promise<Undone> {
  const edit = await db.selectFrom('storyEdit').selectAll().where('id', '=', editId).executeTakeFirst()
  if (!edit || edit.kind === 'lock' || edit.kind === 'unlock')
    throw new Skip(`There is no edit ${editId} that could be taken back.`, {
      code: 'story.unknown-edit',
      remedy: "Take back a merge, a split, a move or a renaming of the history on the story's page.",
    })
  const before = await db.selectFrom('storyEdit').select('id').where('undoes', '=', editId).executeTakeFirst()
  if (before)
    throw new Skip(`The edit ${editId} was taken back before.`, {
      code: 'story.undone',
      remedy: 'Look at the history: to have it again, take the later entry back.',
    })
  if (edit.kind === 'rename') return renamedBack(db, editId, edit.storyId)
  if (edit.otherId === null) throw changedSince(editId)
  return putBack(db, editId, { from: edit.otherId, to: edit.storyId, articleIds: JSON.parse(edit.articleIds) })
}

async function putBack(
  db: Db,
  editId: number,
  { from, to, articleIds }: { from: string; to: string; articleIds: readonly string[] },
): Promise<Undone> {
  const source = await storyAt(db, from)
  const all = await articlesOfStory(db, source.id)
  const chosen = all.filter((id) => articleIds.includes(id))
  if (chosen.length === 0) throw changedSince(editId)
  // A merge left the story empty, leading on: it stands again. Of a split or move it may have been merged since.
  const own = await db.selectFrom('story').select(['id', 'mergedInto']).where('id', '=', to).executeTakeFirstOrThrow()
  const target = own.mergedInto === null || own.mergedInto === source.id ? own.id : (await storyAt(db, to)).id
  if (target === source.id) throw changedSince(editId)
  await db.updateTable('story').set({ mergedInto: null }).where('id', '=', target).execute()
  await put(db, chosen, target)
  await redate(db, [source.id, target])
  const whole = chosen.length === all.length
  if (whole)
    await db
      .updateTable('story')
      .set({ mergedInto: target })
      .where((where) => where.or([where('id', '=', source.id), where('mergedInto', '=', source.id)]))
      .execute()
  const kind = whole ? 'merge' : own.mergedInto === null ? 'move' : 'split'
  return {
    record: { kind, storyId: source.id, otherId: target, articleIds: chosen, ...noTitles, undoes: editId },
    touched: chosen,
    result: target,
  }
}

/** The title that stood before: a person's, or the machine's. */
async function renamedBack(db: Db, editId: number, storyId: string): Promise<Undone> {
  const titles = await db
    .selectFrom('storyEdit')
    .select(['id', 'after'])
    .where((where) =>
      where.or([
        where.and([where('kind', '=', 'rename'), where('storyId', '=', storyId)]),
        where.and([where('kind', '=', 'split'), where('otherId', '=', storyId), where('undoes', 'is', null)]),
      ]),
    )
    .orderBy('id', 'desc')
    .limit(2)
    .execute()
  if (titles[0]?.id !== editId) throw changedSince(editId)
  const story = await db.selectFrom('story').select('title').where('id', '=', storyId).executeTakeFirstOrThrow()
  const articles = await articlesOfStory(db, storyId)
  const after = titles[1]?.after ?? null
  const [first] = articles
  const title = after ?? (first === undefined ? story.title : await titleOfArticle(db, first))
  await db
    .updateTable('story')
    .set({ title, renamed: after === null ? 0 : 1 })
    .where('id', '=', storyId)
    .execute()
  return {
    record: { kind: 'rename', storyId, otherId: null, articleIds: [], before: story.title, after, undoes: editId },
    touched: articles,
    result: storyId,
  }
}
