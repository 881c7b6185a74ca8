/** The commands `archive` and `reextract`. */
export const archive = {
  command: 'the archive of original pages (WARC)',
  verify:
    'check the archive: chain of digests, every file, every record, every page; exit code 1 when something differs',
  verifyAll: 'read every page back (default: some of each file)',
  verified:
    'Checked {files} files ({open} being written), {records} records, {links} links, the pointers of {pages} pages; read back {read} pages and {pictures} pictures.',
  takenIn: 'File taken in from elsewhere: {file} (by {who} at {at}, from {source})',
  removed: 'File removed by retention: {file} (at {at}, under the limit of {who})',
  chain: 'Last digest of the chain (note it elsewhere, to compare later): {chain}',
  intact: 'Nothing differs.',
  broken: '{count} differences.',
  fault: '{file}{place}: {what} ({detail})',
  at: ', offset {offset}',
  page: ', page {url}',
  kind: {
    chain: 'a link of the chain of digests was changed or taken out',
    missing: 'the file is missing',
    altered: 'the file was changed after it was finished',
    unlinked: 'the file is not in the chain of digests',
    foreign: 'a foreign file: neither written by the monitor nor taken in by anybody',
    damaged: 'a record cannot be read',
    digest: 'the content of a record does not agree with its digest',
    pointer: 'a page points to where no record is',
    content: "the archived content does not agree with the page's digest",
    picture: 'a picture of a page is missing or was changed',
  },
  remedy: {
    chain: 'The store was changed: compare it with a backup and with the last digest noted elsewhere.',
    missing: 'Restore the file from a backup of the folder archive.',
    altered: 'Keep the file as evidence and restore the original from a backup.',
    unlinked: 'Start the monitor again to link it; if retention had removed it, find out who put it back.',
    foreign:
      "Move it out of the folder archive and check who may write there; if it is the office's own, take it in with `reextract --from-archive`.",
    damaged: 'Restore the file from a backup; check the disk.',
    digest: 'Restore the file from a backup; check who may write to the folder archive.',
    pointer: 'Store and archive are not of the same time: restore both from one backup.',
    content: 'Restore the file from a backup; if the file is intact, the store was changed.',
    picture: 'Restore the folder evidence from a backup.',
  },
  reextract:
    "read articles from their archived pages again, with the rules of the page's date; differences become versions",
  reextractOutlet: 'only the outlet with this id',
  reextractSince: 'only articles first seen on or after this day (e.g. 2025-10-01)',
  reextractDryRun: 'only tell which articles would differ, write nothing',
  reextractFrom: 'rebuild pages and articles from the WARC files of this folder alone (when the store is lost)',
  reread: '{url}: {fields} differ',
  rereadFailed: '{url}: {message}',
  reextractDone:
    'Read {read} articles again, {changed} differ; {unarchived} have no archived page, {failed} could not be read (left as they were).',
  rebuilt:
    'Read {files} files, {captures} pages: {added} new articles, {changed} new versions, {same} pages known or unchanged, {unread} pages without an article, {foreign} pages of no followed outlet.',
  rebuildDamaged: '{file}: cannot be read from offset {offset} on; run `archive verify`.',
  unknownOutlet: 'There is no outlet "{id}" in the catalogue.',
  notADay: '"{day}" is not a day.',
  dayRemedy: 'Write days like 2025-10-01.',
  eitherOr: '--from-archive does not go with --outlet, --since, --dry-run.',
} as const
