export const evidence = {
  title: 'Pictures of the page',
  hint: 'The whole page, taken when that version was read; without what other sites add (advertisements, embedded videos).',
  taken: 'Picture of the page taken {time}, version {version}',
  file: 'Download {format}',
  size: '{count} B',
  address: 'Address shown:',
  waiting: 'Version {version}: not taken yet ({reason}); tried again {time}.',
  givenUp: 'Version {version}: could not be taken ({reason}).',
  job: 'Pictures of sensitive articles',
  run: '{taken} pages pictured; {failed} are tried again, {givenUp} could not be pictured.',
  damaged: {
    title: 'The picture is not intact',
    what: 'The file {file} is missing, or differs from the SHA-256 noted when it was taken. It is not handed out.',
    remedy: 'Tell the administrator: restore the folder evidence from a backup.',
  },
} as const
