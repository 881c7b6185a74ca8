export const helpers = {
  translation: {
    title: 'Machine translation',
    hint: 'Translated by machine ({translator}), may be wrong; the original above is what counts. {who}, {at}.',
    offer:
      'The article is in a foreign language. A machine translation is an aid and always stands beside the original.',
    make: 'Translate into Vietnamese by machine',
    again: 'Translate again',
  },
  rewriting: {
    title: 'Rewritten',
    hint: 'The model {model} rewrote the summary; numbers, dates, names and quotations of each sentence were held against the cited articles. {who}, {at}.',
    byModel: "the model's sentence",
    bySource: "the press's own words",
    rejected: '{count} sentences of the model did not hold and were replaced by the original ones.',
    failed: 'The model could not answer ({message}); these are the original sentences.',
    old: 'The summary was made anew after this rewriting.',
    make: 'Rewrite by the language model',
    again: 'Rewrite again',
  },
  failed: 'Not done: {message}',
} as const
