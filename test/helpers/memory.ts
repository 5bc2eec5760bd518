// Blocks of linear memory with guard bytes around them, and matrices in and out of panels, written here anew from the
// description of the layout in assembly/layout.ts.
import { Engine } from '../../src/engine/engine.js';

export const engine = new Engine();
export const { calls } = engine;

const GUARD = 256;
const MARK = 0xa5;
interface Block {
  readonly address: number;
  readonly bytes: number;
}
const blocks: Block[] = [];

/** Address of `bytes` bytes between guards. Other numbers than zero stand there, so that what is not written shows. */
export function guarded(bytes: number, fill = 0x7e): number {
  const address = engine.allocate(bytes + 2 * GUARD) + GUARD;
  engine.bytes.fill(MARK, address - GUARD, address + bytes + GUARD);
  engine.bytes.fill(fill, address, address + bytes);
  blocks.push({ address, bytes });
  return address;
}

/** Gives all blocks back; throws where a guard has changed. */
export function releaseAll(): void {
  const broken = blocks.filter(({ address, bytes }) => {
    const before = engine.bytes.subarray(address - GUARD, address);
    const after = engine.bytes.subarray(address + bytes, address + bytes + GUARD);
    return before.some((b) => b !== MARK) || after.some((b) => b !== MARK);
  });
  for (const { address } of blocks.splice(0)) engine.release(address - GUARD);
  if (broken.length > 0) throw new Error(`written out of bounds around ${broken.length} blocks`);
}

/** Row-major floats in a guarded block. */
export function place(values: readonly number[]): number {
  const address = guarded(values.length * 4);
  engine.floats.set(values, address / 4);
  return address;
}

export function read(address: number, count: number): Float32Array {
  return engine.floats.slice(address / 4, address / 4 + count);
}

/** Room for rows × columns in panels of 16 columns that stand `panelRows` lines apart. */
export function roomForPanels(panelRows: number, columns: number): number {
  return guarded(Math.ceil(columns / 16) * panelRows * 64);
}

/** A matrix in panels: an activation's stand an odd number of lines apart, a kernel's as many as it has rows. */
export function placePanels(rows: readonly (readonly number[])[], panelRows: number): number {
  const columns = rows[0]!.length;
  const address = roomForPanels(panelRows, columns);
  const count = Math.ceil(columns / 16);
  engine.floats.fill(0, address / 4, address / 4 + count * panelRows * 16);
  for (const [i, row] of rows.entries()) {
    for (const [j, value] of row.entries()) engine.floats[position(address, panelRows, i, j)] = value;
  }
  return address;
}

export function readPanels(address: number, panelRows: number, rows: number, columns: number): number[] {
  const values: number[] = [];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) values.push(engine.floats[position(address, panelRows, i, j)]!);
  }
  return values;
}

/** Numbers of the padding columns of the rows. */
export function readPadding(address: number, panelRows: number, rows: number, columns: number): number[] {
  const values: number[] = [];
  for (let i = 0; i < rows; i++) {
    for (let j = columns; j % 16 !== 0; j++) values.push(engine.floats[position(address, panelRows, i, j)]!);
  }
  return values;
}

export const odd = (rows: number): number => rows | 1;

const position = (address: number, panelRows: number, row: number, column: number): number =>
  address / 4 + Math.floor(column / 16) * panelRows * 16 + row * 16 + (column % 16);
