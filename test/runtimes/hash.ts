/** SHA-256 of the model that program.mjs saves, in every runtime: of its weights and its description. */
export const HASH = '1570d66a25e4287664b1b44fd466b31ec82d521f1ff9e1cb55a8549cdd0d1b47';
