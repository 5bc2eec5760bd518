// Generates the code that passes arguments between the threads of a crew (see assembly/threads/crew.ts):
//   assembly/generated/jobs.ts     for each part function in assembly/threads/parts, a function that writes its arguments into the control block
//   assembly/generated/threads.ts  the kernels of the builds with threads: those in the table below, which call the plain kernel for each part;
//                                  those divided by hand in assembly/threads; and the others unchanged
// Signatures are read from the assembly. An address that is missing in the table, or an unknown parameter, stops the build.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

// How a kernel's work is divided. `units` is the number of units, which are distributed over the parts; `least` is how many take about a microsecond
// (assembly/threads/costs.ts). In a part's call, `size` replaces arguments, and `moves` says by how much other arguments grow with each unit (addresses: in
// bytes). Names with ? may be 0, and stay 0.

/** Divides by lines of 16 floats: addresses move by a line, other numbers by 16. */
const lines = (least, moved) => ({
  units: '<i32>panels(count)',
  least,
  size: { count: 'floats(part, count)' },
  moves: { [moved]: (type) => (type === 'usize' ? 'LINE' : '16') },
});

/** Divides by rows of `columns` columns; `least` is the number of lines that take about a microsecond. `call` names a kernel for a range of rows. */
const rows = (least, columns, moves, call) => ({
  units: 'rows',
  least: `rowsOf(${columns}, ${least})`,
  size: { rows: 'size(part)', stride: 'panelBytes(rows)' },
  moves,
  call,
});

/** Divides by panels of 16 columns. `blocks` are matrices of `rows` rows, `vectors` have a number for each column; `ofRows` have one for each row and do not move. */
const panels = (least, blocks, vectors, ofRows = '') => ({
  units: '<i32>panels(columns)',
  least: `panelsOf(rows, ${least})`,
  size: { columns: 'size(part) << 4' },
  moves: { [blocks]: 'panelBytes(rows)', [vectors]: 'LINE', ...(ofRows && { [ofRows]: '0' }) },
});

const packing = { 'order?': '4', panels: 'LINE' };

/** The kernels that are shared, and how. Each also needs a line in test/assembly/threads.test.ts, which proves that it gives the same bits. */
export const shared = {
  activationForward: lines('forwardCost(kind)', 'x y'),
  activationBackward: lines('backwardCost(kind)', 'saved dy dx'),
  affine: lines('CHEAP', 'x y'),
  clamp: lines('CHEAP', 'x'),
  mix: lines('CHEAP', 'x y'),
  sgd: lines('FAIR', 'p g velocity?'),
  adam: lines('FAIR', 'p g m v'),
  rmsprop: lines('FAIR', 'p g v velocity?'),
  adagrad: lines('FAIR', 'p g v'),
  lion: lines('FAIR', 'p g m'),
  dropout: lines('FAIR', 'x y first'),
  addNoise: lines('DEAR', 'x y first'),
  fillUniform: lines('FAIR', 'out first'),
  fillNormal: lines('DEAR', 'out first'),
  softmaxForward: rows('DEAR', 'columns', { 'x y': 'LINE' }, 'softmaxRows'),
  softmaxBackward: rows('FAIR', 'columns', { 's dy dx': 'LINE' }, 'softmaxGradientRows'),
  preluForward: panels('CHEAP', 'x y', 'alpha'),
  preluBackward: panels('CHEAP', 'x dy dx?', 'alpha dalpha'),
  batchNormForward: panels('FAIR', 'x y', 'gamma beta mean inverse variance'),
  batchNormInference: panels('CHEAP', 'x y', 'gamma beta movingMean movingVariance'),
  batchNormBackward: panels('FAIR', 'x dy dx?', 'gamma mean inverse dgamma dbeta'),
  layerNormForward: rows(
    'FAIR',
    'columns',
    { 'x y': 'LINE', 'gamma beta': '0', 'mean? inverse?': '4' },
    'layerNormRows',
  ),
  layerNormBackward: rows(
    'FAIR',
    'columns',
    { 'x dy dx': 'LINE', gamma: '0', 'mean inverse': '4' },
    'layerNormGradientRows',
  ),
  layerNormGradients: panels('FAIR', 'x dy', 'dgamma dbeta', 'mean inverse'),
  packFloats: rows('CHEAP / 2', 'columns', { ...packing, source: 'order ? 0 : columns << 2' }),
  packBytes: rows('CHEAP / 2', 'columns', { ...packing, source: 'order ? 0 : columns' }),
  unpackFloats: rows('CHEAP / 2', 'columns', { panels: 'LINE', target: 'columns << 2' }),
  shiftImages: rows('CHEAP', 'width * height', { 'x out': 'width * height << 2', first: '1' }),
  rotateImages: rows('DEAR / 4', 'width * height', { 'x out': 'width * height << 2', first: '1' }),
};

/** Kernels that are not divided: they are short, choose or time tiles, draw in order, or (packClasses) clear whole panels first. */
export const alone =
  'allFinite batchNormMove denseBiasGradient drawBeta heapStart packClasses setTiles shuffle tileTrial'.split(' ');

const source = (file) => readFileSync(`assembly/${file}.ts`, 'utf8');
const stop = (message) => {
  throw new Error(`scripts/generate-threads.mjs: ${message}`);
};

/** The functions that a file exports, with their parameters and results. */
export function functionsOf(file) {
  const found = source(file).matchAll(/^export function (\w+)\(([^)]*)\): (\w+) \{$/gm);
  return Array.from(found, ([, name, list, result]) => {
    const parameters = Array.from(list.matchAll(/(\w+): (\w+)/g), ([, each, type]) => ({ name: each, type }));
    return { file, name, parameters, result };
  });
}

/** Code for parameters: their declarations; the arguments of a call; and expressions that write them into the control block, and read them. */
const declared = (parameters) => parameters.map(({ name, type }) => `${name}: ${type}`).join(', ');
const passed = (parameters) => parameters.map(({ name }) => name).join(', ');
const puts = (parameters) => parameters.map(({ name, type }, i) => `put<${type}>(${i}, ${name})`).join(', ');
const words = (parameters) => parameters.map(({ name, type }, i) => `${name} = word<${type}>(${i})`).join(', ');

/** The range of words in the control block for a job's arguments. */
const { 1: jobWords, 2: wordsEnd } = /JOB_WORDS = (\d+)[\s\S]*?SLEEPERS = (\d+)/.exec(source('threads/control'));
function checkWords(name, parameters) {
  const room = wordsEnd - jobWords;
  if (parameters.length > room) stop(`${name} has ${parameters.length} arguments, a job has room for ${room}`);
}

/** The text of jobs.ts: an `xJob(…)` for each `xPart(part, …)` in assembly/threads/parts. */
function jobs() {
  const written = [];
  const imported = [];
  for (const entry of readdirSync('assembly/threads/parts').sort()) {
    const file = `threads/parts/${entry.replace(/\.ts$/, '')}`;
    const parts = functionsOf(file).filter(({ name }) => name.endsWith('Part'));
    imported.push(`import { ${parts.map(({ name }) => name).join(', ')} } from '../${file}';`);
    for (const { name, parameters } of parts) {
      const [part, ...rest] = parameters;
      if (part?.name !== 'part') stop(`the first parameter of ${name} is not its part`);
      checkWords(name, rest);
      const job = name.replace(/Part$/, 'Job');
      written.push(`/** Writes the arguments of ${name}, and returns the index of the function to fork. */
export function ${job}(${declared(rest)}): u32 {
  ${puts(rest)};
  return ${job}Part.index;
}

function ${job}Part(part: i32): void {
  ${name}(part, ${rest.map(({ type }, i) => `word<${type}>(${i})`).join(', ')});
}
`);
    }
  }
  return [...imported, "import { put, word } from '../threads/crew';", '', ...written].join('\n');
}

/** The code of a kernel that is shared as the table says. */
function sharedKernel(kernel, callee, { units, least, size, moves }) {
  const { name, parameters } = kernel;
  const taken = parameters.find((each) => /^(part|begin|far\d|unitCount|aMicrosecond)$/.test(each.name));
  if (taken) stop(`${name}: the name ${taken.name} is taken`);
  checkWords(name, parameters);
  const strides = new Map();
  for (const [list, stride] of Object.entries(moves)) for (const each of list.split(' ')) strides.set(each, stride);
  const unknown = [...strides.keys()].find((each) => !parameters.some((p) => p.name === each.replace('?', '')));
  if (unknown) stop(`${name} has no parameter ${unknown}`);
  /** Expressions for the differences between a part's arguments and those of the whole call. */
  const distances = [];
  const argument = ({ name: each, type }) => {
    if (size[each]) return size[each];
    const optional = strides.get(`${each}?`);
    const stride = optional ?? strides.get(each);
    if (stride === undefined) {
      if (!parameters.some((p) => p.name === each)) stop(`${callee}: where does ${each} come from?`);
      return type === 'usize' ? stop(`${name}: does the address ${each} move with the parts?`) : each;
    }
    const by = typeof stride === 'function' ? stride(type) : stride;
    const distance = `<${type}>begin * <${type}>(${by})`;
    if (!distances.includes(distance)) distances.push(distance);
    const moved = `${each} + far${distances.indexOf(distance)}`;
    return optional === undefined ? moved : `(${each} && ${moved})`;
  };
  const call = callee.parameters.map(argument).join(', ');
  const read = parameters.filter((each) => new RegExp(`\\b${each.name}\\b`).test(call + distances));
  return `export function ${name}(${declared(parameters)}): void {
  const unitCount = ${units}, aMicrosecond = ${least};
  if (!splits(unitCount, aMicrosecond)) return ${kernel.local}.${name}(${passed(parameters)});
  ${puts(read)};
  fork(${name}Part.index, unitCount, aMicrosecond);
}

function ${name}Part(part: i32): void {
  const ${words(read)}, begin = start(part);
  const ${distances.map((distance, i) => `far${i} = ${distance}`).join(', ')};
  ${kernel.local}.${callee.name}(${call});
}
`;
}

/** The text of threads.ts: each kernel that assembly/index.ts exports, and the functions that control the crew. */
export function kernels(divisions = shared, undivided = alone) {
  const exported = Array.from(
    source('index').matchAll(/export \{([^}]*)\} from '\.\/([\w/-]+)';/g),
    ([, names, file]) => ({
      file,
      names: names.match(/\w+/g),
    }),
  );
  const byHand = readdirSync('assembly/threads')
    .filter((entry) => entry.endsWith('.ts') && entry !== 'crew.ts')
    .flatMap((entry) => functionsOf(`threads/${entry.replace(/\.ts$/, '')}`));
  const imports = new Map();
  const again = [];
  const written = [];
  const table = new Map(Object.entries(divisions));
  for (const { file, names } of exported) {
    const plain = functionsOf(file);
    for (const name of names) {
      const division = table.get(name);
      const own = byHand.find((each) => each.name === name);
      const ways = [
        division && 'by its line in `shared`',
        own && 'by hand in assembly/threads',
        undivided.includes(name) && 'not at all, by its name in `alone`',
      ].filter(Boolean);
      if (ways.length !== 1)
        stop(
          `how is ${name} divided among threads? ${ways.join(', and ') || 'It needs a line in `shared`, or its name in `alone`'}`,
        );
      const kernel = plain.find((each) => each.name === name);
      table.delete(name);
      if (own && (declared(own.parameters) !== declared(kernel.parameters) || own.result !== kernel.result))
        stop(`${name} in assembly/${own.file}.ts differs from assembly/${file}.ts`);
      if (!division) {
        again.push(`export { ${name} } from '../${own?.file ?? file}';`);
        continue;
      }
      if (kernel?.result !== 'void') stop(`${name} is not found, or returns something`);
      const local = `${file.replace(/\W(\w)/g, (_, letter) => letter.toUpperCase())}Kernels`;
      imports.set(local, file);
      const callee =
        plain.find((each) => each.name === (division.call ?? name)) ?? stop(`no ${division.call} in ${file}`);
      written.push(sharedKernel({ ...kernel, local }, callee, division));
    }
  }
  const allNames = exported.flatMap((each) => each.names);
  for (const name of [...table.keys(), ...undivided])
    if (!allNames.includes(name)) stop(`assembly/index.ts exports no ${name}`);
  return [
    ...Array.from(imports, ([local, file]) => `import * as ${local} from '../${file}';`),
    "import { LINE, panelBytes, panels } from '../layout';",
    "import { backwardCost, CHEAP, DEAR, FAIR, forwardCost, panelsOf, rowsOf } from '../threads/costs';",
    "import { floats, fork, put, size, splits, start, word } from '../threads/crew';",
    '',
    ...again,
    "export { crewControl, serve, setThreads } from '../threads/crew';",
    '',
    ...written,
  ].join('\n');
}

export function writeThreads() {
  mkdirSync('assembly/generated', { recursive: true });
  for (const [file, made] of [
    ['jobs', jobs()],
    ['threads', kernels()],
  ])
    writeFileSync(
      `assembly/generated/${file}.ts`,
      `// Generated by scripts/generate-threads.mjs; do not edit.\n\n${made}`,
    );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeThreads();
