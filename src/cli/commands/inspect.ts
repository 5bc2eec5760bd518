import { visible } from '../../base/visible.js';
import { loadPipeline } from '../../evaluate/index.js';
import * as core from '../../index.js';
import { loadModel, type Optimizer } from '../../index.js';
import { narrowed } from '../../report/words.js';
import { type Call, type Command, exits } from '../command.js';
import { modelData } from '../model-data.js';
import { common } from '../options.js';
import { columnsOf, print } from '../output.js';
import { filesOf, isPipeline, readModel, writerOf } from '../table.js';

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
    'learning rate': typeof rate === 'number' ? rate : `by schedule ${rate.type}`,
    'clip norm': clipNorm,
    'clip value': clipValue,
  };
  const shown = Object.entries(settings).filter(([, value]) => value !== undefined);
  return `${type} (${shown.map((pair) => pair.join(' ')).join(', ')})`;
}

async function run(call: Call): Promise<number> {
  const { values } = call;
  const [path] = filesOf(call, inspect) as [string];
  const { bytes, model: read } = await readModel(path, (bytes) => ({
    bytes,
    model: loadModel(bytes, { networkOnly: true }),
  }));
  using model = read;
  const writer = writerOf(bytes);
  const parts: string[] = [
    narrowed(model.summary(), columnsOf(process.stdout)),
    `seed ${model.seed}, ${bytes.length.toLocaleString('en')} bytes${writer === undefined ? '' : `, written by ${visible(writer)}`}`,
  ];
  let data: Record<string, unknown> = {
    ...modelData(model),
    bytes: bytes.length,
    writer,
  };
  if (isPipeline(bytes)) {
    using pipeline = loadPipeline(bytes);
    const { classes, columns, target, scaler, history, pipeline: resolved } = pipeline;
    const { loss, optimizer, fit } = resolved;
    data = {
      ...data,
      classes,
      columns,
      target,
      scale: scaler.type,
      loss,
      optimizer,
      fit,
      epochs: history.epochs.length,
    };
    parts.push(
      [
        `predicts ${visible(target ?? 'its target')}${classes ? `: ${classes.map(named).join(', ')}` : ', a number'}`,
        ...(columns ? [`from ${columns.map(named).join(', ')}`] : []),
        `columns are scaled by '${scaler.type}'; trained ${history.epochs.length} epochs by ${optimizerIn(optimizer)} on ${loss}`,
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
