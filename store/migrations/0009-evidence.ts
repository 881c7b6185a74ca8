import type { Migration } from './index.ts'

/** Pictures of the pages of sensitive articles, one pair of files a version. */
export const evidence: Migration = {
  number: 9,
  name: 'evidence',
  statements: [
    `create table evidence (
      articleId text not null, version integer not null, attempts integer not null, nextAt text,
      takenAt text, finalUrl text, pngDigest text, pngBytes integer, pdfDigest text, pdfBytes integer,
      problemCode text, problemMessage text, problemAt text,
      primary key (articleId, version), foreign key (articleId, version) references articleVersion (articleId, version),
      check ((takenAt is null) = (finalUrl is null) and (takenAt is null) = (pngDigest is null)
        and (takenAt is null) = (pngBytes is null) and (takenAt is null) = (pdfDigest is null)
        and (takenAt is null) = (pdfBytes is null) and (takenAt is null or nextAt is null))
    ) strict`,
  ],
}
