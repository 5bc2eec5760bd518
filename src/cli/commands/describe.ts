import { type Call, type Command, exits } from '../command.js';
import { filesOf } from '../files.js';
import { columns, common, reading, text, training } from '../options.js';
import { columnsOf, write } from '../output.js';
import { textsOf } from '../pipeline.js';
import { openTable, columnsOf as readingOf } from '../read-file.js';
import { factsOf, labellessWords, lostWords, taskWords } from '../table-words.js';
import { labelless, readForTargets, trainingTable } from '../training-table.js';
import { wrapped } from '../wrap.js';

export const describe: Command = {
  name: 'describe',
  usage: 'DATA.csv',
  summary: 'shows what is in a table: its columns, what each of them is, and why',
  options: {
    target: { ...training.target, help: 'says as well what training would predict, and whether as classes or numbers' },
    task: training.task,
    separator: training.separator,
    positive: training.positive,
    group: { ...training.group, needs: ['target'] },
    time: { ...training.time, needs: ['target'] },
    ...reading,
    ...columns,
    ...common,
  },
  run,
};

/** The narrowest that Table.describe draws, and the widest line that is easy to read. */
const [NARROW, WIDE] = [40, 120];

async function run(call: Call): Promise<number> {
  const { values } = call;
  const [path] = filesOf(call, describe) as [string];
  const target = text(values, 'target');
  const file = await openTable(path, values);
  const table = await (target === undefined ? file.read(readingOf(values)) : readForTargets(file, values));
  const learnt = target === undefined ? undefined : trainingTable(path, table, values);
  const width = Math.min(WIDE, Math.max(NARROW, columnsOf(process.stdout)));
  const lines = learnt
    ? [taskWords(learnt), labellessWords(labelless(learnt.set)), lostWords(learnt)].filter(Boolean)
    : [];
  const words = [table.describe({ width }), ...(lines.length > 0 ? [wrapped(lines.join('\n'), width)] : [])];
  write(values, words.join('\n\n'), {
    rows: table.rows,
    columns: table.columns.map(({ name, kind, missing, distinct, example, why }) => ({
      ...{ name, kind, missing, distinct, example, why },
    })),
    columnCount: table.columns.length,
    leftOut: table.columns.filter(({ kind }) => kind === 'ignore').length,
    notes: table.data.notes ?? [],
    ...(learnt && {
      target: learnt.targets.length === 1 ? learnt.targets[0] : learnt.targets,
      task: learnt.task,
      why: learnt.why,
      rowsWithoutTarget: table.rows - learnt.table.rows,
      ...(learnt.task === 'multilabel' && { rowsWithoutLabel: labelless(learnt.set) }),
      kinds: factsOf(table, learnt.targets, textsOf(values), learnt.together).kinds,
    }),
  });
  return exits.done;
}
