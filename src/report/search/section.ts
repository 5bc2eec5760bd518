// The parts of a page about a search: words, charts, and the table of its points.
import { scaleLinear, scaleLog } from 'd3-scale';
import { largest, smallest } from '../../base/extremes.js';
import type { ParameterImportance } from '../../evaluate/index.js';
import { at, BOTTOM, figure, frame, LEFT, RIGHT, TOP, ticksAcross } from '../frame.js';
import { escapeHtml, table } from '../html.js';
import { withDigits } from '../numbers.js';
import { barChart, pathOf, ranged } from '../table-charts.js';
import { cut } from '../words.js';
import { MOST_LINES, parallelCoordinates } from './parallel.js';
import { figureWords, meanOf, type Point, type Points, type Searched, shareOf, valueWords } from './searched.js';
import { searchText } from './words.js';

/** The most dots of the chart over trials. */
const MOST_DOTS = 600;

/** What a page says of a search. */
export interface SearchSection {
  readonly words: string;
  readonly next: string;
  readonly charts: string;
  readonly table: string;
}

/** Throws SimdenseError 'ARGUMENT', which names `where`, for an importance that is none. */
export function searchSection(where: string, searched: Searched): SearchSection {
  const { points, importance, words, next } = searchText(where, searched);
  const paragraphs = words.map((each) => `<p>${escapeHtml(each)}</p>`);
  const steps = next.map((each) => `<li>${escapeHtml(each)}</li>`);
  const small = [courseChart(searched, points), bars(importance, searched.monitor)].join('');
  return {
    words: paragraphs.join(''),
    next: steps.length > 0 ? `<ul class="next">${steps.join('')}</ul>` : '',
    charts: `${parallelCoordinates(searched, points)}${small ? `<div class="charts">${small}</div>` : ''}`,
    table: tableOf(searched, points),
  };
}

/** The figure of each trial in the order of their points, and the best so far. */
function courseChart({ monitor, trials }: Searched, { sound, again, best, less }: Points): string {
  if (sound.length < 2) return '';
  const ordered = [...sound].sort((a, b) => a.number - b.number);
  const competing = again
    ? ordered.filter(({ trial }) => best === undefined || shareOf(trial) >= shareOf(best.trial))
    : ordered;
  const steps: [number, number][] = [];
  for (const point of competing) {
    const last = steps.at(-1)?.[1];
    const mean = meanOf(point);
    if (last !== undefined && (less ? mean >= last : mean <= last)) continue;
    if (last !== undefined) steps.push([point.number, last]);
    steps.push([point.number, mean]);
  }
  const [, end] = steps.at(-1) as [number, number];
  steps.push([trials.length, end]);
  const values = ordered.map(meanOf);
  const [low, high] = [smallest(values), largest(values)];
  const isLog = low > 0 && high / low > 100;
  const x = scaleLinear([1, trials.length], [LEFT, RIGHT]);
  const y = isLog ? scaleLog([low, high], [BOTTOM, TOP]).nice() : scaleLinear(ranged(values), [BOTTOM, TOP]).nice();
  const yTicks = isLog
    ? y.ticks(6).filter((tick) => Number.isInteger(Math.round(Math.log10(tick) * 1e6) / 1e6))
    : y.ticks(5);
  const xTicks = ticksAcross(x).filter(Number.isInteger);
  const axes = { x, y, xTitle: 'trial', yTitle: monitor, xTicks, yTicks };
  const dots = spread(ordered).map(
    (point) =>
      `<circle class="c0" fill-opacity=".45" stroke="none" cx="${at(x(point.number))}" cy="${at(y(meanOf(point)))}" r="3"><title>Trial ${point.number}: ${escapeHtml(figureWords(point, monitor))}</title></circle>`,
  );
  const label = `The best ${monitor} so far, over ${trials.length} trials; at the end ${withDigits(end, 3)}`;
  const note = again
    ? 'Each dot is a point in its longest trial; the line is the best so far of those that ran longest.'
    : 'Each dot is a trial; the line is the best so far. Where it has long been flat, more of the same will hardly help.';
  return figure('The best so far', frame(axes, label, dots.join('') + pathOf(axes, steps, 1, label)), note);
}

const spread = (points: readonly Point[]): readonly Point[] =>
  points.length <= MOST_DOTS
    ? points
    : Array.from(
        { length: MOST_DOTS },
        (_, i) => points[Math.round((i * (points.length - 1)) / (MOST_DOTS - 1))] as Point,
      );

function bars(importance: readonly ParameterImportance[], monitor: string): string {
  const known = importance.filter(({ mean }) => mean !== undefined) as Required<ParameterImportance>[];
  const most = largest(
    known.map(({ trials }) => trials),
    0,
  );
  return barChart(
    known.map(({ parameter, mean, std, trials }) => ({
      name: `${cut(parameter, 24)}${trials < most ? ` (of ${trials})` : ''}`,
      mean: Number(mean.toFixed(3)),
      std: Number(std.toFixed(3)),
    })),
    {
      title: 'Which parameters mattered',
      label: `Share of the variance of ${monitor}`,
      note: `The share of the variance of ${monitor} over the space that a parameter explains by itself (fANOVA, by a random forest); the thin line is its spread over the trees. What is left to 1 comes from several together.`,
      rest: 'more matter less.',
    },
  );
}

/** All points with their longest trials, the best first. */
function tableOf({ space, monitor }: Searched, { sound, failed, best, again }: Points): string {
  const all = [...sound, ...failed];
  const rows = all.slice(0, MOST_LINES);
  const names = Object.keys(space);
  const epochs = new Set(all.map(({ trial }) => trial.epochs)).size > 1;
  const head = [
    'trial',
    monitor,
    '±',
    ...names,
    ...(epochs ? ['epochs'] : []),
    'seconds',
    ...(failed.length > 0 ? ['error'] : []),
  ];
  const cells = rows.map((point) => {
    const { number, trial, parameters } = point;
    const { score, error = '' } = trial;
    const figures = score
      ? [withDigits(score.mean, 4), score.values.length > 1 ? withDigits(score.stddev, 2) : '']
      : ['', ''];
    return [
      `<a id="t${number}" href="#l${number}">${number}</a>${point === best ? ' (best)' : ''}`,
      ...figures,
      ...names.map((name) => escapeHtml(cut(valueWords(parameters[name]), 32))),
      ...(epochs ? [String(trial.epochs)] : []),
      withDigits(Number(trial.seconds.toFixed(1)), 3),
      ...(failed.length > 0 ? [escapeHtml(error)] : []),
    ];
  });
  const what =
    all.length === 1
      ? 'The point.'
      : `${rows.length < all.length ? `The best ${rows.length} of ` : ''}${all.length} points, the best first${again ? ', each with its longest trial' : ''}.`;
  return `<div class="points">${table(head.map(escapeHtml), cells, `${what} The number of a trial leads to its line.`, failed.length > 0 ? 'failing' : '')}</div>`;
}
