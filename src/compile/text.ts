// Texts within compiled files.

/** JSON within a program: also in a page, and for readers to whom these two end a line. */
export const json = (value: unknown): string =>
  JSON.stringify(value).replace(/[<\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A name within a comment: nothing that ends a line, a comment, or a script. */
export const inComment = (name: string): string => name.replace(/[\p{C}\u2028\u2029<>*/\\]/gu, ' ');
