import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { textsOf } from './support/busy-office.ts'
import { draftSample } from './support/store-samples.ts'
import type { Office, Visitor } from './support/web.ts'
import { openOffice, visitor } from './support/web.ts'

let office: Office
let huong: Visitor
beforeAll(async () => {
  office = await openOffice()
  huong = visitor(office.url)
  await huong.login()
})
afterAll(() => office.close())

const AT = '2025-10-02T03:00:00.000Z'

/** A sample article of ours in a story; returns its id. */
async function article(
  name: string,
  storyId: string,
  words: { title: string; text: string; outlet?: string; at?: string },
) {
  const { title, text, outlet = 'vnexpress', at = AT } = words
  const url = `https://${outlet}.example/${name}`
  const draft = draftSample({ url, outletId: outlet, published: at, seenAt: at }, { url, title, lead: null, text })
  const saved = await office.store.articles.save(draft)
  const decision = { articleId: saved.article.id, storyId, opened: false, copyOf: null, similarity: 1, anchors: [] }
  await office.store.stories.assign(decision, title, at)
  return saved.article.id
}

const BRIDGE = {
  title: 'Bài mẫu: sập cầu treo ở Bảo Yên, hai người bị thương',
  text: 'Cây cầu treo bắc qua suối ở Bảo Yên bị sập vào sáng nay khi nước dâng cao. Chính quyền cho biết 2 người bị thương đã được đưa đến bệnh viện.',
}
const BRIDGE_TOO = {
  title: 'Bài mẫu: cầu treo Bảo Yên sập, ba người bị thương',
  text: 'Một cây cầu treo ở Bảo Yên sập xuống suối trong lúc người dân qua lại buổi sáng. Theo bệnh viện huyện, 3 người bị thương đang được điều trị tại đây.',
  outlet: 'tuoitre',
  at: '2025-10-02T05:00:00.000Z',
}
const other = {
  title: 'Bài mẫu: lễ hội mùa thu ở Bắc Hà',
  text: 'Lễ hội mùa thu khai mạc tại Bắc Hà với nhiều hoạt động.',
}

describe('the summary of a story', () => {
  let [first, second] = ['', '']
  beforeAll(async () => {
    first = await article('cau-1', 'bridge', BRIDGE)
    second = await article('cau-2', 'bridge', BRIDGE_TOO)
  })

  it('is stored, and each number leads to the very words, marked', async () => {
    const { body } = await huong.get('/stories/bridge')
    const stored = await office.store.summaries.latest('story:bridge', 120)
    expect(stored?.summary.madeFrom).toEqual([
      { articleId: first, version: 1 },
      { articleId: second, version: 1 },
    ])
    const [cite] = stored?.summary.sentences[0]?.cites ?? []
    const href = `/articles/${cite?.articleId}?quote=${cite?.field}.${cite?.from}-${cite?.to}.v1#quote`
    expect(body.replaceAll('&#61;', '=')).toContain(`href="${href}"`)
    const page = (await huong.get(href.replace('#quote', ''))).body
    const marked = /<mark class="quoted" id="quote">([\s\S]*?)<\/mark>/.exec(page)?.[1]?.replace(/<[^>]*>/g, '')
    expect(marked).toBeTruthy()
    expect(stored?.summary.sentences[0]?.text.startsWith(marked ?? '-')).toBe(true)
  })

  it('has the length asked for, and keeps each', async () => {
    const short = (await huong.get('/stories/bridge?words=60')).body
    expect(short).toMatch(/words=60" aria-current="true"/)
    expect(await office.store.summaries.latest('story:bridge', 60)).not.toBeNull()
    expect((await huong.get('/stories/bridge?words=7000')).body).toMatch(/words=120" aria-current="true"/)
  })

  it('shows figures that differ between outlets, without deciding', async () => {
    const { body } = await huong.get('/stories/bridge')
    const differ = /<div class="differ">([\s\S]*?)<\/div>/.exec(body)?.[1] ?? ''
    expect(differ).toContain('hai người bị thương')
    expect(differ).toContain('ba người bị thương')
    expect(differ).toContain('VnExpress')
  })

  it('says when it is out of date and why, until it is made anew', async () => {
    expect((await huong.get('/stories/bridge')).body).not.toContain('Tóm tắt đã cũ')
    await article('cau-1', 'bridge', { ...BRIDGE, text: `${BRIDGE.text} Đường qua suối tạm cấm.` })
    await article('cau-3', 'bridge', {
      ...{ title: 'Bài mẫu: dựng cầu tạm ở Bảo Yên', outlet: 'thanhnien', at: '2025-10-02T08:00:00.000Z' },
      text: 'Bộ đội công binh bắt đầu dựng cầu tạm thay cho cây cầu treo vừa sập ở Bảo Yên trong chiều nay.',
    })
    const stale = (await huong.get('/stories/bridge')).body
    const notice = /<div class="notice stale"[\s\S]*?<\/form>/.exec(stale)?.[0] ?? ''
    expect(notice).toContain('Tóm tắt đã cũ')
    expect(notice).toContain('1 bài nguồn đã có bản mới')
    expect(notice).toContain('có thêm 1 bài')
    const answer = await huong.post('/stories/bridge/summary', { words: '120' }, '/stories/bridge')
    expect(answer).toMatchObject({ status: 303, location: '/stories/bridge?words=120&done=summary' })
    const fresh = (await huong.get('/stories/bridge')).body
    expect(fresh).not.toContain('Tóm tắt đã cũ')
    expect(fresh).toContain('Nguyễn Thị Hương cho lập lúc')
    // Other lengths were not made anew and still say so.
    expect((await huong.get('/stories/bridge?words=60')).body).toContain('Tóm tắt đã cũ')
  })

  it('shows the words of the version that was quoted when the article has changed since', async () => {
    const { body } = await huong.get(`/articles/${first}?quote=text.0-18.v1`)
    expect(body).toMatch(/trích từ bản 1/)
    expect(body).toContain(`<blockquote id="quote" lang="vi">${BRIDGE.text.slice(0, 18)}</blockquote>`)
    for (const quote of ['text.0-18.v9', 'nope.0-3.v1', 'text.9-3', '<script>'])
      expect((await huong.get(`/articles/${first}?quote=${encodeURIComponent(quote)}`)).status, quote).toBe(200)
  })
})

describe('editing stories', () => {
  const storyOfArticle = async (id: string) => (await office.store.articles.get(id))?.storyId

  it('merges, leads from the old address to the new, and says who did it', async () => {
    const a = await article('gop-1', 'merge-a', other)
    await article('gop-2', 'merge-b', other)
    const form = { address: `${office.url}/stories/merge-b?x=1`, target: 'flood' }
    const answer = await huong.post('/stories/merge-a/merge', form, '/stories/merge-a')
    expect(answer).toMatchObject({ status: 303, location: '/stories/merge-b?done=merged' })
    expect(await storyOfArticle(a)).toBe('merge-b')
    expect(await huong.get('/stories/merge-a')).toMatchObject({ status: 302, location: '/stories/merge-b' })
    const { body } = await huong.get('/stories/merge-b?done=merged')
    expect(body).toContain('Đã gộp')
    expect(body).toMatch(/<b>Nguyễn Thị Hương<\/b>[\s\S]*gộp 1 bài từ vụ việc khác vào đây/)
    expect((await office.store.users.actions(1))[0]).toMatchObject({ who: 'huong', action: 'story.merge' })
  })

  it('splits chosen articles off into a story of their own, with a title', async () => {
    const [a, b] = [await article('tach-1', 'split', other), await article('tach-2', 'split', BRIDGE)]
    const form = { articles: [b], title: 'Sập cầu', split: '1' }
    const { location } = await huong.post('/stories/split/articles', form, '/stories/split')
    const made = await storyOfArticle(b)
    expect(location).toBe(`/stories/${made}?done=split`)
    expect(await storyOfArticle(a)).toBe('split')
    expect((await huong.get(`/stories/${made}`)).body).toMatch(/<h1[^>]*>Sập cầu<\/h1>/)
  })

  it('moves chosen articles to the story of the list', async () => {
    const [a] = [await article('doi-1', 'from', other), await article('doi-2', 'from', other)]
    await article('doi-3', 'to', other)
    expect((await huong.get('/stories/from')).body).toContain('<option value="to">')
    const form = { articles: a, target: 'to', address: '', move: '1' }
    expect((await huong.post('/stories/from/articles', form, '/stories/from')).location).toBe(
      '/stories/from?done=moved',
    )
    expect(await storyOfArticle(a)).toBe('to')
  })

  it('renames; the title stands everywhere, until the machine is asked again', async () => {
    await huong.post('/stories/flood/title', { title: 'Lũ <quét> ở Nậm Lúc' }, '/stories/flood')
    const alert = { ruleId: 'sensitive-domestic', storyId: 'flood', articleId: office.ids[0] ?? '', change: null }
    await office.store.alerts.create({ ...alert, createdAt: AT })
    for (const path of [
      '/stories/flood',
      '/stories',
      '/',
      `/articles/${office.ids[0]}`,
      '/alerts',
      '/search?q=lũ quét',
    ])
      expect((await huong.get(encodeURI(path))).body, path).toContain('Lũ &#60;quét&#62; ở Nậm Lúc')
    await huong.post('/stories/flood/title', { title: 'x', back: '1' }, '/stories/flood')
    expect((await huong.get('/stories/flood')).body).toMatch(/<h1[^>]*>Bài mẫu: Lũ quét trong đêm/)
  })

  it('undoes a merge by a button in the history, once, and says who did', async () => {
    const alone = await article('ho-1', 'lake', other)
    await article('ho-2', 'shore', { ...other, outlet: 'tuoitre' })
    await huong.post('/stories/lake/merge', { address: '/stories/shore' }, '/stories/lake')
    const page = (await huong.get('/stories/shore')).body
    const id = /action="\/stories\/shore\/undo">.*?name="edit" value="(\d+)"/s.exec(page)?.[1] ?? ''
    const { location } = await huong.post('/stories/shore/undo', { edit: id }, '/stories/shore')
    expect(location).toBe('/stories/lake?done=undone')
    expect((await office.store.articles.get(alone))?.storyId).toBe('lake')
    const after = (await huong.get('/stories/lake')).body
    expect(after).toContain('hoàn tác:')
    expect(after).not.toContain(`name="edit" value="${id}"`)
    expect((await office.store.storyDesk.edits({ storyId: 'lake' })).at(-1)).toMatchObject({ undoes: Number(id) })
    const twice = await huong.post('/stories/lake/undo', { edit: id }, '/stories/lake')
    expect(twice.location).toBe('/stories/lake?problem=undone')
    expect((await huong.get('/stories/lake?problem=undone')).body).toContain('đã được hoàn tác trước đó')
  })

  it('shows when the story fell silent, went on, and fell silent again', async () => {
    const told = { title: 'Bài mẫu: phiên tòa ở Bảo Yên', text: 'Tòa án xét xử tại Bảo Yên.' }
    await article('toa-1', 'court', { ...told, at: '2025-07-01T03:00:00.000Z' })
    const late = await article('toa-2', 'court', { ...told, outlet: 'tuoitre', at: '2025-08-20T03:00:00.000Z' })
    const { body } = await huong.get('/stories/court')
    const life = /<section class="card life">([\s\S]*?)<\/section>/.exec(body)?.[1]?.replaceAll('&#61;', '=') ?? ''
    expect(life).toMatch(/lắng xuống 15\/0?7\/2025, mở lại 20\/0?8\/2025/)
    expect(life).toContain(`href="/articles/${late}"`)
    expect(life).toMatch(/Lắng xuống<\/dt><dd>0?3\/0?9\/2025 \(sau 14 ngày/)
    expect(body).toContain('Đã lắng xuống')
  })

  it('counts the press as every other page does, and dates it by what was published', async () => {
    const told = { title: 'Bài mẫu: mở chợ đêm ở Cốc Lếu', text: 'Chợ đêm mở tại Cốc Lếu.' }
    await article('cho-1', 'market', { ...told, outlet: 'laocai_gov', at: '2025-10-01T01:00:00.000Z' })
    await article('cho-2', 'market', { ...told, at: '2025-10-01T03:00:00.000Z' })
    await article('cho-3', 'market', { ...told, outlet: 'tuoitre', at: '2025-10-01T09:00:00.000Z' })
    const { body } = await huong.get('/stories/market')
    expect(textsOf(body, '.figures .figure-value')).toEqual(['3', '3', '2', '2', '0', '1'])
    expect(textsOf(body, '.page-head .meta')).toEqual(['08:00 01/10/2025 – 16:00 01/10/2025'])
    expect(textsOf(body, '.life > .hint')).toEqual(['Chỉ tính cơ quan báo chí; không tính 1 bài của các nguồn khác.'])
    expect(textsOf(body, '.life .facts dd')[0]).toContain('10:00 01/10/2025')
    expect(textsOf(body, '.life-tables > table td.num')).toEqual(['2', '2'])
  })

  it('locks and unlocks', async () => {
    await huong.post('/stories/flood/lock', { locked: 'yes' }, '/stories/flood')
    expect(await office.store.storyDesk.lockedStories()).toEqual(['flood'])
    expect((await huong.get('/stories/flood')).body).toContain('Đã khóa')
    await huong.post('/stories/flood/lock', { locked: 'no' }, '/stories/flood')
    expect(await office.store.storyDesk.lockedStories()).toEqual([])
  })

  it('says what was wrong and changes nothing', async () => {
    const before = await office.store.storyDesk.lastEdit()
    const problem = async (path: string, form: Record<string, string | readonly string[]>) =>
      (await huong.post(`/stories/flood/${path}`, form, '/stories/flood')).location
    expect(await problem('merge', { address: 'nowhere' })).toBe('/stories/flood?problem=unknown')
    expect(await problem('merge', { target: 'flood' })).toBe('/stories/flood?problem=same')
    expect(await problem('articles', { split: '1' })).toBe('/stories/flood?problem=not-member')
    expect(await problem('articles', { split: '1', articles: office.ids.slice(0, 2) })).toBe(
      '/stories/flood?problem=nothing-left',
    )
    expect(await problem('title', { title: '  ' })).toBe('/stories/flood?problem=no-title')
    expect((await huong.get('/stories/flood?problem=same')).body).toMatch(/role="alert"[^>]*>Chưa sửa/)
    expect(await office.store.storyDesk.lastEdit()).toBe(before)
  })

  it('names what was done to stories in the log of the account page', async () => {
    const { body } = await huong.get('/account')
    expect(body).toMatch(/Gộp vụ việc[\s\S]*<a href="\/stories\/merge-a">Bài mẫu: lễ hội mùa thu ở Bắc Hà<\/a>/)
    expect(body).not.toContain('story.')
  })

  it('asks for a token and a user', async () => {
    for (const path of ['title', 'lock', 'merge', 'articles', 'summary']) {
      expect((await huong.post(`/stories/flood/${path}`, { title: 'x' }, null)).status, path).toBe(403)
      expect((await visitor(office.url).post(`/stories/flood/${path}`, {}, null)).status, path).toBe(303)
      expect((await huong.post(`/stories/none/${path}`, {}, '/stories/flood')).status, path).toBe(404)
    }
    expect((await office.store.stories.get('flood'))?.renamed).toBe(false)
  })
})

describe('trends', () => {
  /** Six weeks of two articles a day, then a flood of twelve. */
  beforeAll(async () => {
    const assessed = async (name: string, at: string) => {
      const id = await article(name, `story-${name}`, { ...other, at })
      await office.store.assessments.correct({
        articleId: id,
        field: 'relevance',
        value: 'main',
        note: null,
        who: 'huong',
        at,
      })
      await office.store.assessments.correct({
        articleId: id,
        field: 'topics',
        value: ['tourism'],
        note: null,
        who: 'huong',
        at,
      })
    }
    for (let day = 1; day <= 42; day++)
      for (let n = 0; n < (day === 42 ? 12 : 2); n++)
        await assessed(
          `ngay-${day}-${n}`,
          new Date(Date.parse('2025-08-20T03:00:00Z') + day * 86_400_000).toISOString(),
        )
  })

  it('marks the day on which the count left its rhythm, and states the rate of false alarms', async () => {
    const { body } = await huong.get('/trends?days=14')
    const spikes = body.match(/<tr><th scope="row">[^<]*<\/th>(?:<td[^>]*>[^<]*<\/td>){2}<td><b>▲/g) ?? []
    expect(spikes).toHaveLength(1)
    expect(spikes[0]).toContain('01/10/2025')
    expect(spikes[0]).toContain('>12<')
    expect(body).toContain('không quá 1 lần trong 30 ngày')
    expect(body).toMatch(/<svg class="series-chart"[^>]*role="img" aria-label="Toàn tỉnh: số bài theo ngày"/)
  })

  it('shows one topic by itself, and ignores what it does not know', async () => {
    const { body } = await huong.get('/trends?days=30&topic=tourism')
    expect(body).toContain('Về toàn tỉnh')
    for (const query of ['topic=none', 'story=%3Cscript%3E', 'days=nonsense', 'place='])
      expect((await huong.get(`/trends?${query}`)).body, query).toContain('Toàn tỉnh')
  })

  it('tells what was written on the topic this week, and makes it anew when asked', async () => {
    const path = '/trends?days=30&topic=tourism'
    expect((await huong.get(path)).body).toContain('id="summary-title"')
    expect((await office.store.summaries.latest('topic:tourism@2025-W40', 120))?.madeBy).toBeNull()
    // Different figures of two events on one topic contradict nobody.
    for (const [n, dead] of [2, 5].entries()) {
      const outlet = n === 0 ? 'vnexpress' : 'tuoitre'
      const words = { title: `Bài mẫu: vụ thứ ${n}`, text: `Vụ việc thứ ${n} làm ${dead} người chết, theo báo mẫu.` }
      const id = await article(`vu-${n}`, `vu-${n}`, { ...words, outlet, at: '2025-10-01T09:00:00.000Z' })
      const by = { articleId: id, note: null, who: 'huong', at: AT }
      await office.store.assessments.correct({ ...by, field: 'relevance', value: 'main' })
      await office.store.assessments.correct({ ...by, field: 'topics', value: ['tourism'] })
    }
    expect((await huong.get(path)).body).not.toContain('class="differ"')
    const form = '/trends/summary?days=30&topic=tourism&week=2025-W40'
    const answer = await huong.post(form, { words: '60' }, path)
    expect(answer).toMatchObject({ status: 303, location: `${path}&words=60` })
    expect((await office.store.summaries.latest('topic:tourism@2025-W40', 60))?.madeBy).toBe('huong')
    for (const wrong of ['topic=tourism&week=1999-W01', 'topic=none&week=2025-W40'])
      expect((await huong.post(`/trends/summary?${wrong}`, {}, path)).status, wrong).toBe(404)
    expect((await huong.post(form, {}, null)).status).toBe(403)
  })

  it('follows what people make of stories: two of one article, merged and named, are one', async () => {
    for (const [storyId, outlet] of Object.entries({ 'ho-a': 'vnexpress', 'ho-b': 'tuoitre' })) {
      const id = await article(storyId, storyId, { ...other, outlet, at: '2025-10-01T05:00:00.000Z' })
      const by = { articleId: id, note: null, who: 'huong', at: AT }
      await office.store.assessments.correct({ ...by, field: 'relevance', value: 'main' })
    }
    expect((await huong.get('/trends')).body).not.toContain('/stories/ho-')
    await office.store.storyDesk.merge({ from: 'ho-a', into: 'ho-b', who: 'huong', at: AT })
    await office.store.storyDesk.rename({ storyId: 'ho-b', title: 'Hồ Thầu mùa lúa', who: 'huong', at: AT })
    const { body } = await huong.get('/trends')
    expect(body).toContain('<a href="/stories/ho-b">Hồ Thầu mùa lúa</a>')
    expect(body).not.toContain('ho-a')
  })

  it('says that it knows too little while it does', async () => {
    const fresh = await openOffice()
    const visit = visitor(fresh.url)
    await visit.login()
    expect((await visit.get('/trends')).body).toContain('Chưa đủ dữ liệu')
    await fresh.close()
  })
})
