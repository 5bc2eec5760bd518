// The sizes that kernels of [rows, columns] are tried at.

/** Each number of rows and of columns from 1 to 40, the other following by a stride coprime to 40; around the panels; odd large ones. */
export const sizes: readonly (readonly [rows: number, columns: number])[] = [
  ...Array.from({ length: 40 }, (_, i) => [
    [i + 1, ((i * 7) % 40) + 1] as const,
    [((i * 11) % 40) + 1, i + 1] as const,
  ]).flat(),
  ...[1, 2, 3, 15, 16, 17, 31, 33].flatMap((columns) => [1, 2, 5, 16, 33].map((rows) => [rows, columns] as const)),
  [257, 19],
  [7, 301],
];
