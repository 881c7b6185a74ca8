import { type ImportItem, importProblem } from './items.ts'

const LABEL_LENGTH = 120
/** Longer than any line of a list. */
const MOST_LINE = 16_384

/**
 * A list of addresses: one a line, alone or in any column of a CSV file; the rest of the line is left alone. Blank
 * lines, lines that begin with `#` and the first line of a file without an address (the heads of columns) are no items.
 */
export function readUrls(text: string, { isFile }: { readonly isFile: boolean }): readonly ImportItem[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  return lines.flatMap((line, at): ImportItem[] => {
    if (line === '' || line.startsWith('#')) return []
    const found =
      line
        .slice(0, MOST_LINE)
        .match(/https?:\/\/[^\s"'<>;]+/gi)
        ?.map((url) => url.replace(/[,.]+$/, '')) ?? []
    // A comma may belong to an address, or end a column of CSV.
    const urls = found.map((url) => /^(.*?),(?:https?:|"|$|[^/]*$)/i.exec(url)?.[1] ?? url)
    if (urls.length > 0) return urls.map((url) => ({ kind: 'link', label: url, url }))
    if (isFile && at === 0 && lines.some((other) => /https?:\/\//i.test(other))) return []
    const label = line.slice(0, LABEL_LENGTH)
    return [{ kind: 'bad', label, problem: importProblem('bad-url', `"${label}" is no address`) }]
  })
}
