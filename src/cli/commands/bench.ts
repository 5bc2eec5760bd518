import { visible } from '../../base/visible.js';
import { LEAST_SECONDS, MOST_SECONDS, SECONDS } from '../../bench/limits.js';
import { saveFile } from '../../node/index.js';
import { numberFromTo } from '../checks.js';
import { type Call, type Command, exits } from '../command.js';
import { filesOf } from '../files.js';
import { Interrupt } from '../interrupt.js';
import { common, number, overwriting, training } from '../options.js';
import { progress, reportColumns, write } from '../output.js';
import { checkOutputs, pathOutput, reportOf } from '../outputs.js';
import { wrapped } from '../wrap.js';

export const bench: Command = {
  name: 'bench',
  usage: '',
  summary: 'measures what this machine and this runtime give, and which options of an engine pay here',
  options: {
    seconds: {
      type: 'string',
      value: 'N',
      check: numberFromTo(LEAST_SECONDS, MOST_SECONDS),
      help: 'about how long it takes, from 8 to 600; default 15. With less, what takes long in plain JavaScript is left out',
    },
    report: { ...training.report, help: 'writes the results as a page with charts' },
    ...overwriting('report'),
    ...common,
  },
  notes: 'Close other programs first: what else runs on the machine is measured too.',
  run,
};

async function run(call: Call): Promise<number> {
  const { values } = call;
  filesOf(call, bench);
  const page = reportOf(values);
  await checkOutputs([], pathOutput('--report', 'report', page), values);
  using interrupt = new Interrupt();
  // Loaded here: what measures is needed by this command alone.
  const { bench: measure, benchPage, benchText } = await import('../../bench/index.js');
  const bar = progress(values, 'bench');
  try {
    const results = await measure({
      seconds: number(values, 'seconds', SECONDS),
      signal: interrupt.signal,
      onProgress: ({ done, total, next }) => bar.update(done, total, next),
    });
    bar.stop();
    if (page !== undefined) await saveFile(page, new TextEncoder().encode(benchPage(results)));
    const columns = reportColumns();
    const next = page === undefined ? '' : `\n\n${wrapped(`Written: ${visible(page)}.`, columns)}`;
    // benchText escapes and wraps; the code in it stays whole.
    write(values, `${benchText(results, columns)}${next}`, {
      ...results,
      ...(page !== undefined && { written: [page] }),
    });
    return exits.done;
  } finally {
    bar.stop();
  }
}
