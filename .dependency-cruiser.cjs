// The arrows between the rooms: each room names those it may import, nothing points back up.
const rooms = {
  base: [],
  engine: ['base'],
  kernels: ['base', 'engine'],
  nn: ['base', 'engine'],
  data: ['base'],
  table: ['base', 'data'],
  train: ['base', 'engine', 'nn', 'data'],
  evaluate: ['base', 'nn', 'data', 'table', 'train'],
  predict: ['base', 'engine', 'nn', 'data', 'table', 'train', 'evaluate'],
  classifier: ['base', 'nn', 'data', 'train', 'evaluate'],
  diagnose: ['base', 'nn', 'data', 'train'],
  explain: ['base', 'nn', 'data', 'table', 'train', 'evaluate'],
  onnx: ['base', 'data', 'nn', 'table', 'train', 'evaluate'],
  compile: ['base', 'nn', 'data', 'table', 'train', 'evaluate'],
  convert: ['base', 'nn', 'table', 'train'],
  report: ['base', 'nn', 'train', 'evaluate', 'diagnose', 'explain'],
  bench: ['base', 'engine', 'kernels', 'report'],
  node: ['base', 'data', 'table', 'evaluate'],
  bullmq: ['base', 'data', 'table', 'evaluate', 'node'],
  cli: [
    'base',
    'data',
    'table',
    'evaluate',
    'diagnose',
    'explain',
    'onnx',
    'compile',
    'convert',
    'report',
    'bench',
    'node',
    'bullmq',
  ],
};

const outsideOf = (room, allowed) => ({
  name: `${room}-may-import-${allowed.join('-') || 'nothing'}`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  // The command and what measures use the core as its users do.
  to: {
    path: '^src/',
    pathNot: `^src/(${[room, ...allowed].join('|')})/${['cli', 'bench'].includes(room) ? '|^src/index.ts$' : ''}`,
  },
});

module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(([room, allowed]) => outsideOf(room, allowed)),
    {
      name: 'every-room-is-listed',
      severity: 'error',
      from: {},
      to: { path: '^src/[^/]+/', pathNot: `^src/(${Object.keys(rooms).join('|')})/` },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'core-has-no-dependency',
      severity: 'error',
      // The CSV library is bundled into a file of its own, dist/papa.js.
      from: { path: '^src/(base|engine|kernels|nn|train|data)/', pathNot: '^src/data/papa.ts$' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'core'] },
    },
    {
      name: 'kernels-know-no-javascript',
      severity: 'error',
      from: { path: '^assembly/' },
      to: { pathNot: '^assembly/' },
    },
    { name: 'imports-are-there', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '\\.wasm' } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    exclude: { path: '^dist|\\.wasm' },
    doNotFollow: { path: 'node_modules' },
  },
};
