import { visible } from '../../base/visible.js';
import { areFiles } from '../../evaluate/files.js';
import { type Decision, type FittedPipeline, loadEnsemble, loadPipeline } from '../../evaluate/index.js';
import * as core from '../../index.js';
import { loadModel, type Optimizer, type Sequential } from '../../index.js';
import { narrowed } from '../../report/words.js';
import { madeOf } from '../../table/encoders/made-of.js';
import { type Call, type Command, exits } from '../command.js';
import { filesOf } from '../files.js';
import { modelData } from '../model-data.js';
import { encoderColumns } from '../model-rows.js';
import { isPipeline, readModel, writerOf } from '../models.js';
import { common } from '../options.js';
import { columnsOf, print } from '../output.js';

export const inspect: Command = {
  name: 'inspect',
  usage: 'MODEL',
  summary: 'shows what is in a model: layers, classes, columns, how it was trained',
  options: { ...common },
  run,
};

const named = (label: string | number): string => visible(String(label));

/** An optimizer in words: adam (learning rate 0.001, clip norm 1). */
function optimizerIn(given: Optimizer | string): string {
  // Each optimizer is exported under the name of its type.
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: the command imports all of the core anyway.
  const optimizer = typeof given === 'string' ? core[given as Optimizer['type']]() : given;
  const { type, learningRate: rate, clipNorm, clipValue } = optimizer;
  const settings = {
    'learning rate':
      typeof rate === 'number' ? rate : `${'initial' in rate ? `${rate.initial} ` : ''}by schedule ${rate.type}`,
    'clip norm': clipNorm,
    'clip value': clipValue,
  };
  const shown = Object.entries(settings).filter(([, value]) => value !== undefined);
  return `${type} (${shown.map((pair) => pair.join(' ')).join(', ')})`;
}

/** What the networks of a file do together. */
function togetherWords(
  networks: number,
  { temperature, decision }: { temperature: number; decision?: Decision },
): string {
  const mean = networks === 1 ? '1 network' : `${networks} networks, whose mean it predicts`;
  const sure =
    temperature === 1
      ? ''
      : `, with a temperature of ${Number(temperature.toPrecision(3))}, which makes its probabilities as sure as they are right`;
  const from = decision
    ? `. From a probability of ${Number(decision.threshold.toPrecision(3))} on it answers ${named(decision.positive)}`
    : '';
  return `${mean}${sure}${from}. ${networks === 1 ? 'It' : 'The first'}:`;
}

/** The network of a file, or the first of several, with its bytes, and those of the file. */
function firstIn(
  file: Uint8Array,
  size: number,
): {
  size: number;
  bytes: Uint8Array;
  model: Sequential;
  networks: number;
  together?: { temperature: number; decision?: Decision };
} {
  const only = { size, bytes: file, networks: 1 };
  if (!areFiles(file)) return { ...only, model: loadModel(file, { networkOnly: true }) };
  using ensemble = loadEnsemble(file);
  const { members, temperature, decision } = ensemble;
  const bytes = (members[0] as FittedPipeline).save();
  return {
    ...only,
    together: { temperature, ...(decision && { decision }) },
    bytes,
    networks: members.length,
    model: loadModel(bytes, { networkOnly: true }),
  };
}

async function run(call: Call): Promise<number> {
  const { values } = call;
  const [path] = filesOf(call, inspect) as [string];
  const { size, bytes, model: read, networks, together } = await readModel(path, firstIn);
  using model = read;
  const writer = writerOf(bytes);
  const parts: string[] = [
    ...(together ? [togetherWords(networks, together)] : []),
    narrowed(model.summary(), columnsOf(process.stdout)),
    `seed ${model.seed}, ${size.toLocaleString('en')} bytes${writer === undefined ? '' : `, written by ${visible(writer)}`}`,
  ];
  let data: Record<string, unknown> = {
    ...modelData(model),
    ...(together && { networks, ...together }),
    bytes: size,
    writer,
  };
  if (isPipeline(bytes)) {
    using pipeline = loadPipeline(bytes);
    const { classes, columns, target, targets, scaler, encoder, history, pipeline: resolved } = pipeline;
    const { loss, optimizer, fit, task } = resolved;
    const made = encoderColumns(pipeline).map((column) => [column.name, madeOf(column)] as const);
    const several = targets?.kind === 'list' ? targets.labels : targets?.parts.map(({ name }) => name);
    const what =
      task === 'multilabel'
        ? `: any of ${several?.map(named).join(', ')}`
        : classes
          ? `: ${classes.map(named).join(', ')}`
          : (several?.length ?? 1) > 1
            ? ', numbers'
            : ', a number';
    const predicted = target ?? targets?.parts.map(({ name }) => name).join(', ') ?? 'its target';
    data = {
      ...data,
      classes,
      columns,
      target: target ?? targets?.parts.map(({ name }) => name),
      ...(task === 'multilabel' && { labels: several }),
      task,
      ...(encoder ? { kinds: encoder.kinds, made: Object.fromEntries(made) } : { scale: scaler.type }),
      loss,
      optimizer,
      fit,
      epochs: history.epochs.length,
    };
    parts.push(
      [
        `predicts ${visible(predicted)}${what}`,
        ...(columns ? [`from ${columns.map(named).join(', ')}`] : []),
        ...made.map(([name, words]) => `- ${visible(name)}: ${visible(words)}`),
        `${encoder ? '' : `columns are scaled by '${scaler.type}'; `}trained ${history.epochs.length} epochs by ${optimizerIn(optimizer)} on ${loss}`,
      ].join('\n'),
    );
  } else {
    using whole = loadModel(bytes);
    const { trainer } = whole.bound;
    if (trainer && typeof trainer.loss === 'string') {
      const { optimizer, loss } = trainer;
      data = { ...data, loss, optimizer };
      parts.push(`compiled with ${optimizerIn(optimizer)} on ${loss}`);
    }
  }
  print(values, parts.join('\n\n'), data);
  return exits.done;
}
