// Cells as libraries give them.
import type { ColumnBuilder } from '../builder.js';
import type { Sheet } from './reader.js';

/**
 * Adds typed cells to a column: as ColumnBuilder.value() takes them, so lists and objects become JSON, and whole numbers beyond 2⁵³ texts.
 * Bytes are no cells: they are taken for missing, which is said.
 */
export class TypedColumn {
  readonly builder: ColumnBuilder;
  readonly #sheet: Sheet;
  #said = false;

  constructor(sheet: Sheet, name: string) {
    this.#sheet = sheet;
    this.builder = sheet.addColumn(name);
  }

  add(cell: unknown): void {
    if (ArrayBuffer.isView(cell)) this.#addBytes();
    else this.builder.value(cell);
  }

  #addBytes(): void {
    this.builder.value(null);
    if (this.#said) return;
    this.#said = true;
    this.#sheet.note(`Column "${this.builder.name}" holds bytes, which are no cells: they are taken for missing.`);
  }
}
