// Writes assembly/generated/tiles.ts: the micro-kernels of the matrix products, one function for each tile shape.
//
// A tile keeps `height` × `width` sums in registers and loops over k. There are two ways to read the left operand:
//   rows     a[i] is a row of an activation: rows are 64 bytes apart; k is contiguous within a panel's 16 columns, then continues in the next panel
//   columns  a[i] is a column of one panel: columns are 4 bytes apart, steps of k (the batch's rows) 64 bytes
// The right operand and the result are panels of 16 columns; a tile of width 8 processes a panel in two halves.
// Every sum runs over k in order in one accumulator, so that all tiles give the same bits.
import { mkdirSync, writeFileSync } from 'node:fs';

const tileOf = (height, width, ...rest) => ({ height, width, rest });

/**
 * The shapes that an engine may choose from, by build and access. The first is the default; src/engine/tiles.ts names them in this order. `rest` lists the
 * heights of tiles of width 16 for the remaining rows. 3×16 and the relaxed 6×16 are for V8's fused 256-bit registers: without these they spill.
 */
const choices = {
  plain: {
    rows: [tileOf(2, 16, 1), tileOf(5, 8, 2, 1), tileOf(3, 16, 2, 1)],
    columns: [tileOf(2, 16, 1), tileOf(3, 16, 2, 1)],
  },
  relaxed: {
    rows: [tileOf(6, 8, 2, 1), tileOf(2, 16, 1), tileOf(6, 16, 4, 2, 1)],
    columns: [tileOf(6, 8, 2, 1), tileOf(2, 16, 1), tileOf(6, 16, 4, 2, 1)],
  },
};

const range = (n) => Array.from({ length: n }, (_, i) => i);
const name = (access, { height, width }) => `${access}${height}x${width}`;
const title = { rows: 'Rows', columns: 'Columns' };

/**
 * The code of one step of k. The loop over k is not unrolled: Binaryen would combine the sums of several steps, and registers would spill
 * (26 GFLOP/s instead of 42).
 */
function step(access, { height, width }) {
  const vectors = width / 4;
  const aRow = access === 'rows' ? 64 : 4;
  const lines = range(vectors).map((j) => `b${j} = v128.load(b, ${j * 16});`);
  for (const i of range(height)) {
    lines.push(`s = v128.load32_splat(a, ${i * aRow});`);
    for (const j of range(vectors)) lines.push(`c${i}_${j} = multiplyAdd(s, b${j}, c${i}_${j});`);
  }
  return lines;
}

function tile(access, shape) {
  const { height, width } = shape;
  const vectors = width / 4;
  const pairs = range(height).flatMap((i) => range(vectors).map((j) => [i, j]));
  const inner = (count) => [
    `while (${count} > 0) {`,
    ...step(access, shape).map((l) => `  ${l}`),
    `  a += ${access === 'rows' ? 4 : 64}; b += 64; ${count} -= 1;`,
    '}',
  ];
  const body =
    access === 'rows'
      ? [
          'while (k > 0) {',
          '  let n = min(k, 16);',
          '  k -= n;',
          ...inner('n').map((l) => `  ${l}`),
          '  a += aGroup;',
          '}',
        ]
      : inner('k');
  const group = access === 'rows' ? ', aGroup: usize' : '';
  return [
    `/** c[${height}, ${width}] = initial + a·b over k; \`initialRow\` is 0 if every row starts from the same values. */`,
    `function ${name(access, shape)}(k: i32, a: usize${group}, b: usize, c: usize, initial: usize, initialRow: usize): void {`,
    ...range(vectors).map((j) => `  let b${j}: v128;`),
    '  let s: v128;',
    ...range(height).flatMap((i) => [
      ...range(vectors).map((j) => `  let c${i}_${j} = v128.load(initial, ${j * 16});`),
      ...(i + 1 < height ? ['  initial += initialRow;'] : []),
    ]),
    ...body.map((l) => `  ${l}`),
    ...pairs.map(([i, j]) => `  v128.store(c, c${i}_${j}, ${i * 64 + j * 16});`),
    '}',
  ].join('\n');
}

/** The code that runs one tile shape over the rows of a panel, and then smaller ones over the remaining rows. */
function panel(access, shape) {
  const { width, rest } = shape;
  const halves = range(16 / width).map((h) => h * 32);
  const aRow = access === 'rows' ? 64 : 4;
  const group = access === 'rows' ? ', aGroup' : '';
  const call = (s, offset) => {
    const at = (v) => (offset ? `${v} + ${offset}` : v);
    return `${name(access, s)}(k, a${group}, ${at('b')}, ${at('c')}, ${at('initial')}, initialRow);`;
  };
  const loop = (s, offsets) => [
    `  while (rows >= ${s.height}) {`,
    ...offsets.map((o) => `    ${call(s, o)}`),
    `    a += ${s.height * aRow}; c += ${s.height * 64}; initial += ${s.height} * initialRow; rows -= ${s.height};`,
    '  }',
  ];
  return [
    `function ${name(access, shape)}Panel(rows: i32, k: i32, a: usize${access === 'rows' ? ', aGroup: usize' : ''}, b: usize, c: usize, initial: usize, initialRow: usize): void {`,
    ...loop(shape, halves),
    ...rest.flatMap((height) => loop({ height, width: 16 }, [0])),
    '}',
  ].join('\n');
}

function choose(access) {
  const group = access === 'rows' ? ', aGroup: usize' : '';
  const pass = access === 'rows' ? 'aGroup, ' : '';
  const call = (s) => `${name(access, s)}Panel(rows, k, a, ${pass}b, c, initial, initialRow);`;
  const lines = ([first, ...others]) => [
    ...others.map((s, n) => `    if (tile == ${n + 1}) return ${call(s)}`),
    `    ${call(first)}`,
  ];
  return [
    '/** c = initial + a·b for `rows` rows of one panel of c, with sums over `k`, by tile number `tile`. */',
    `export function panel${title[access]}(tile: i32, rows: i32, k: i32, a: usize${group}, b: usize, c: usize, initial: usize, initialRow: usize): void {`,
    '  if (ASC_FEATURE_RELAXED_SIMD) {',
    ...lines(choices.relaxed[access]),
    '  } else {',
    ...lines(choices.plain[access]),
    '  }',
    '}',
  ].join('\n');
}

const parts = [
  '// Generated by scripts/generate-tiles.mjs; do not edit.',
  '',
  "import { multiplyAdd } from '../multiply-add';",
  '',
];
for (const access of ['rows', 'columns']) {
  const chosen = [...choices.plain[access], ...choices.relaxed[access]];
  const single = chosen.flatMap(({ rest }) => rest.map((height) => ({ height, width: 16 })));
  const byName = (shapes) => [...new Map(shapes.map((s) => [name(access, s), s])).values()];
  for (const s of byName([...chosen, ...single])) parts.push(tile(access, s), '');
  for (const s of byName(chosen)) parts.push(panel(access, s), '');
  parts.push(choose(access), '');
}
mkdirSync('assembly/generated', { recursive: true });
writeFileSync('assembly/generated/tiles.ts', parts.join('\n'));
