import { visible } from '../../base/visible.js';
import { saveFile } from '../../node/index.js';
import { choices, file, oneOf } from '../checks.js';
import { type Call, type Command, exits } from '../command.js';
import { filesOf, stem } from '../files.js';
import { formatOf, formats, partsBeside, refuseSeveral } from '../formats.js';
import { readModel } from '../models.js';
import { common, overwriting, text } from '../options.js';
import { print } from '../output.js';
import { checkOutputs } from '../outputs.js';

export const exportModel: Command = {
  name: 'export',
  usage: 'MODEL',
  summary: 'writes a model in another format',
  options: {
    to: {
      type: 'string',
      value: 'FORMAT',
      check: oneOf(formats.map(({ name }) => name)),
      help: `${choices(formats.map(({ name, help }) => (help ? `${name} (${help})` : name)))}; default by the ending of --out, else ${formats[0]?.name}`,
    },
    out: { type: 'string', short: 'o', value: 'FILE', check: file, help: 'default NAME with the ending of the format' },
    ...overwriting(),
    ...common,
  },
  run,
};

async function run(call: Call): Promise<number> {
  const { values } = call;
  const [path] = filesOf(call, exportModel) as [string];
  const format = formatOf(text(values, 'to'), text(values, 'out'));
  const out = text(values, 'out') ?? `${stem(path)}${format.ending}`;
  await checkOutputs([path], [{ option: '--out', kind: format.kind, path: out }], values);
  const { bytes, without } = await readModel(path, (saved) => {
    refuseSeveral(path, saved);
    return { bytes: format.write(saved), without: format.networkOnly ? partsBeside(saved) : [] };
  });
  await saveFile(out, bytes);
  const lacks = without.length > 0 ? ` It holds the network alone, without ${choices(without, 'and')}.` : '';
  print(values, `${visible(out)} has ${bytes.length.toLocaleString('en')} bytes.${lacks}`, {
    out,
    format: format.name,
    bytes: bytes.length,
    ...(without.length > 0 && { without }),
  });
  return exits.done;
}
