import { formatDayTime } from '../../locales/format.ts'
import type { MessageKey } from '../../locales/index.ts'
import type { Story } from '../../model.ts'
import type { AssessedArticle, StoryEdit, StoryRecord } from '../../store/store.ts'
import { MACHINE } from '../../store/story-desk.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import { outletName } from '../labels.ts'
import type { Visit } from '../visit.ts'
import { csrfField } from './layout.ts'
import { notice, number, time } from './parts.ts'

export const DONE = ['merged', 'split', 'moved', 'renamed', 'locked', 'unlocked', 'summary', 'undone'] as const
export const PROBLEMS = [
  'unknown',
  'same',
  'not-member',
  'nothing-left',
  'no-title',
  'unknown-edit',
  'undone',
  'changed-since',
] as const

export interface DeskView {
  readonly story: StoryRecord
  readonly title: string
  /** Oldest first. */
  readonly articles: readonly AssessedArticle[]
  /** Stories that it may be merged into, the most similar first. */
  readonly near: readonly Story[]
  /** Newest first. */
  readonly edits: readonly StoryEdit[]
  /** Titles of the other stories that the edits name. */
  readonly others: ReadonlyMap<string, string>
  /** Display names of users by their log-in names. */
  readonly names: ReadonlyMap<string, string>
}

/** What a form led to, above the page. */
export function deskNotice(
  visit: Visit,
  { done, problem }: { readonly done?: string; readonly problem?: string },
): Html | null {
  const did = DONE.find((known) => known === done)
  if (did) return notice('done', visit.t(`stories.desk.done.${did}`))
  const failed = PROBLEMS.find((known) => known === problem)
  return failed ? notice('problem', visit.t(`stories.desk.problem.${failed}`)) : null
}

const LONGEST = 90
const short = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text)

/** A list of similar stories, and a field for any other. */
function targetFields(visit: Visit, near: readonly Story[], id: string): Html {
  const { t } = visit
  return html`${
    near.length > 0
      ? html`<div class="field"><label for="${id}-target">${t('stories.desk.choose')}</label><select id="${id}-target" name="target"><option value="">${t('stories.desk.none')}</option>${near.map(
          (story) =>
            html`<option value="${story.id}">${t('stories.desk.option', { title: short(story.title), count: number(story.articles) })}</option>`,
        )}</select></div>`
      : null
  }<div class="field"><label for="${id}-address">${t('stories.desk.address')}</label><input id="${id}-address" name="address" type="text" inputmode="url" placeholder="/stories/…" autocomplete="off"></div>`
}

/** The forms by which people correct a story; closed until asked for. */
export function deskForms(visit: Visit, { story, title, articles, near }: DeskView): Html {
  const { t } = visit
  const action = (name: string) => `/stories/${story.id}/${name}`
  return html`<details class="card correct desk" id="desk"><summary>${t('stories.desk.title')}</summary><p class="hint">${t('stories.desk.hint')}</p>
  <div class="desk-forms">
  <form method="post" action="${action('title')}">${csrfField(visit)}<h3>${t('stories.desk.rename')}</h3>
    <div class="field"><label class="visually-hidden" for="desk-title">${t('stories.desk.rename')}</label><textarea id="desk-title" name="title" rows="2" maxlength="300" required>${title}</textarea></div>
    <p class="actions"><button>${t('stories.desk.renameGo')}</button>${story.renamed ? html` <button class="secondary" name="back" value="1" formnovalidate>${t('stories.desk.renameBack')}</button>` : null}</p></form>
  <form method="post" action="${action('merge')}">${csrfField(visit)}<h3>${t('stories.desk.merge')}</h3><p class="hint">${t('stories.desk.mergeHint')}</p>
    ${targetFields(visit, near, 'merge')}<button>${t('stories.desk.mergeGo')}</button></form>
  <form method="post" action="${action('lock')}">${csrfField(visit)}<h3>${t('stories.desk.lock')}</h3><p class="hint">${t('stories.desk.lockHint')}</p>
    <button class="secondary" name="locked" value="${story.locked ? 'no' : 'yes'}">${t(story.locked ? 'stories.desk.unlock' : 'stories.desk.lock')}</button></form>
  ${
    articles.length === 0
      ? null
      : html`<form method="post" action="${action('articles')}">${csrfField(visit)}<h3>${t('stories.desk.articles')}</h3><p class="hint">${t('stories.desk.articlesHint')}</p>
    <fieldset class="picks"><legend>${t('stories.desk.pick')}</legend>${articles.map(
      (article) =>
        html`<span class="choice"><input type="checkbox" id="pick-${article.id}" name="articles" value="${article.id}"><label for="pick-${article.id}"><span lang="${article.language}">${article.title}</span> <span class="hint">${outletName(visit.profile, article.outletId)} · ${time(article.published)}</span></label></span>`,
    )}</fieldset>
    ${
      articles.length > 1
        ? html`<div class="field"><label for="split-title">${t('stories.desk.splitTitle')}</label><input id="split-title" name="title" type="text" maxlength="300" autocomplete="off"></div><p class="actions"><button name="split" value="1">${t('stories.desk.splitGo')}</button></p>`
        : null
    }
    ${targetFields(visit, near, 'move')}<p class="actions"><button class="secondary" name="move" value="1">${t('stories.desk.moveGo')}</button></p></form>`
  }</div></details>`
}

/** What an edit did, seen from this story: a merge into it is told the other way round. */
function deed({ kind, storyId, after }: StoryEdit, here: string): MessageKey {
  const own = storyId === here
  if (kind === 'merge') return own ? 'stories.desk.did.merge' : 'stories.desk.did.merged'
  if (kind === 'split') return own ? 'stories.desk.did.split' : 'stories.desk.did.splitOff'
  if (kind === 'move') return own ? 'stories.desk.did.move' : 'stories.desk.did.moved'
  if (kind === 'rename') return after === null ? 'stories.desk.did.renameBack' : 'stories.desk.did.rename'
  return `stories.desk.did.${kind}`
}

/** Edits that can be taken back: none twice, and of renamings only the last. */
function undoable({ story, edits }: DeskView): ReadonlySet<number> {
  const undone = new Set(edits.map(({ undoes }) => undoes))
  const renaming = edits.find(({ kind }) => kind === 'rename')
  return new Set(
    edits
      .filter(({ id, kind }) => {
        if (undone.has(id)) return false
        if (kind === 'rename') return id === renaming?.id
        return kind === 'merge' || kind === 'split' || kind === 'move'
      })
      .filter(({ kind, storyId }) => kind !== 'rename' || storyId === story.id)
      .map(({ id }) => id),
  )
}

function undoForm(visit: Visit, edit: StoryEdit, story: Story, did: string): Html {
  const label = visit.t('stories.desk.undoLabel', { deed: did, at: formatDayTime(edit.at) })
  return html`<form method="post" action="/stories/${story.id}/undo">${csrfField(visit)}<button class="secondary" name="edit" value="${edit.id}" aria-label="${label}">${visit.t('stories.desk.undo')}</button></form>`
}

/** Who did what to the story and when; what still stands can be taken back. */
export function deskHistory(visit: Visit, view: DeskView): Html | null {
  const { story, edits, others, names } = view
  if (edits.length === 0) return null
  const { t } = visit
  const open = undoable(view)
  const undone = new Set(edits.map(({ undoes }) => undoes))
  return html`<section class="card"><h2>${t('stories.desk.history')}</h2><ol class="history">${edits.map((edit) => {
    const other = edit.storyId === story.id ? edit.otherId : edit.storyId
    const did = t(deed(edit, story.id), { articles: number(edit.articleIds.length) })
    return html`<li><p><b>${edit.who === MACHINE ? t('stories.desk.machine') : (names.get(edit.who) ?? edit.who)}</b> <span class="hint">${time(edit.at)}</span></p>
      <p>${edit.undoes === null ? null : html`${t('stories.desk.undoing')} `}${did}${
        other === null ? null : html` <a href="/stories/${other}">${others.get(other) ?? other}</a>`
      }${edit.kind === 'rename' ? html`: <s>${edit.before}</s>${edit.after === null ? null : html` → <b>${edit.after}</b>`}` : null} ${undone.has(edit.id) ? html`<span class="hint">(${t('stories.desk.undone')})</span>` : null}</p>${open.has(edit.id) ? undoForm(visit, edit, story, did) : null}</li>`
  })}</ol></section>`
}
