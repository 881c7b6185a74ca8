/** What stood in the way of collecting, by the code of the error. */
export const problems = {
  fetch: {
    network: 'The outlet’s server could not be reached.',
    timeout: 'The outlet’s server did not answer in time.',
    dns: 'The name of the host leads nowhere.',
    certificate: 'The certificate of the site is not valid.',
    redirects: 'The address redirects too many times.',
    'too-large': 'The page is larger than allowed.',
    encoding: 'The compressed data of the page is damaged.',
    throttled: 'The site asks for fewer requests; the pace was lowered.',
    'server-error': 'The outlet’s server has an error.',
    stopped: 'Stopped on the way; it is read again.',
  },
  robots: {
    disallowed: 'The site’s robots.txt does not allow it.',
    unavailable: 'robots.txt could not be had, so the page was not read.',
  },
  guard: {
    address: 'The address leads inside the network; it is not read.',
    scheme: 'No http or https address.',
    credentials: 'The address carries a user name or password.',
    site: 'The address belongs to another site.',
  },
  page: {
    gone: 'The page is gone (404 or 410).',
    challenge: 'The page asks whether a person is reading; the monitor does not get round it.',
    'refused-here': 'The site does not answer from here (451).',
    forbidden: 'The site refuses to be read (401, 402 or 403).',
    status: 'The page answers with an error.',
    empty: 'The page is empty.',
    'not-html': 'No HTML page.',
    'redirected-home': 'The address leads to the home page; the article may have been taken down.',
    'no-text': 'The page was read, but no text of an article was found.',
    stub: 'The page holds only the beginning of the article (perhaps paid).',
    unreadable: 'The reader failed on the page; the page itself is kept.',
  },
  article: {
    'no-title': 'No title was found.',
  },
  feed: {
    'not-a-feed': 'The address of the feed gives something that is no feed.',
    empty: 'The feed has no entries.',
  },
  sitemap: {
    'not-a-sitemap': 'The address of the sitemap gives something that is no sitemap.',
    'too-large': 'The sitemap is larger than allowed.',
    'too-deep': 'The sitemaps are nested too deeply.',
    damaged: 'The sitemap is damaged.',
  },
  listing: {
    'no-links': 'No link to an article was found.',
  },
  gdelt: {
    refused: 'GDELT refused the query.',
  },
  browser: {
    missing: 'The page needs a browser, and there is no Chromium.',
    needed: 'The text of the page needs a browser.',
    failed: 'The browser failed on the page.',
    timeout: 'The page did not come to rest in the browser.',
  },
  outlet: {
    unknown: 'The outlet is not followed any more.',
  },
  collect: {
    'kills-process': 'The page ended the program several times; it was set aside.',
    'no-contact': 'MONITOR_CONTACT is not set, so nothing is collected.',
    stopped: 'The monitor stops; the rest is fetched later.',
  },
  disk: {
    low: 'The disk is nearly full; collecting pauses.',
  },
}
