// Checks what a page is to say of a search, before anything is drawn.
import { isRecord, options, refuse } from '../../base/checks.js';
import { checkSpace } from '../../evaluate/search/space.js';
import { type Check, finite, list, number, optional, record, text } from '../check-parts.js';
import type { SearchReportContents } from './searched.js';

const parameters: Check = (where, value) => {
  if (!isRecord(value)) refuse(where, 'parameters by name', value);
};

const score = record(
  { mean: number, stddev: number, values: list(number, 'an array of numbers') },
  'a mean, a standard deviation and values',
);

const trial = record(
  {
    parameters,
    score: optional(score),
    error: optional(text),
    epochs: finite,
    share: optional(finite),
    seconds: finite,
  },
  'a trial of search',
);

/** The result of a search. */
export const searched: Check = (where, value) => {
  if (!isRecord(value)) refuse(where, 'the result of search', value);
  const { space, importance } = value;
  checkSpace(`${where}.space`, space as never);
  record(
    {
      monitor: text,
      trials: list(trial, 'an array of trials'),
      best: record({ parameters, score }, 'the best of search'),
    },
    '',
  )(where, value);
  if (typeof importance !== 'function') refuse(`${where}.importance`, 'a function', importance);
};

/** What `importance` of a search gives. */
export const checkImportance = list(
  record(
    { parameter: text, mean: optional(finite), std: optional(finite), r2: optional(finite), trials: finite },
    'the importance of a parameter',
  ),
  'a list of parameters',
);

/** Throws SimdenseError 'ARGUMENT' for contents that cannot be shown; the message names the part. */
export function checkSearchContents(where: string, o: SearchReportContents): SearchReportContents {
  const given: SearchReportContents = options(where, o, ['title', 'summary', 'search', 'command']);
  const { title, summary, search, command } = given;
  for (const [name, value] of Object.entries({ title, summary, command })) optional(text)(`${where}(${name})`, value);
  searched(`${where}(search)`, search);
  return given;
}
