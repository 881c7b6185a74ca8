export const problem = {
  remedy: 'What to do:',
  code: 'Code for the administrator:',
  home: 'To the home page',
  notFound: {
    title: 'No such page',
    what: 'The address {path} leads to no page.',
    remedy: 'Check the address, or find the article with the search field.',
  },
  csrf: {
    title: 'The form is no longer valid',
    what: 'The change was not saved: the form comes from another session, or from before the program was restarted.',
    remedy: 'Go back, reload the page and send it again.',
  },
  limited: {
    title: 'Too many requests',
    what: 'The server got too many requests from this address.',
    remedy: 'Wait a few minutes and try again.',
  },
  request: {
    title: 'Request not understood',
    what: 'The server did not understand this request.',
    remedy: 'Go back and try again.',
  },
  server: {
    title: 'The program met an error',
    what: 'This page cannot be shown now; no data are lost.',
    remedy: 'Try again in a few minutes. If it stays, tell the administrator the code below.',
  },
} as const
