import type { Table } from '../../src/table/index.js';

/** What a table says of each column, without why. An empty cell of CSV is what null is in other formats, but to labels. */
export const told = ({ data }: { readonly data: Table['data'] }) =>
  data.columns.map(({ name, kind, holds, cells }) => ({
    ...{ name, kind, holds },
    cells: 'codes' in cells ? { ...cells, codes: cells.codes.map((code) => Math.max(code, -1)) } : cells,
  }));
