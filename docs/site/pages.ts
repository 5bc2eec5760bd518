import { readdirSync } from 'node:fs';

/** The pages of the documentation, by their place in the list. */
export const pages = [
  'docs/start.md',
  ...readdirSync('docs/lessons')
    .sort()
    .map((file) => `docs/lessons/${file}`),
  'docs/embeddings.md',
  'docs/what-goes-together.md',
  'docs/coming-from.md',
  'docs/how-it-works.md',
  'docs/fine-tuning.md',
  'docs/deploying.md',
  'docs/scale.md',
  'docs/kernels.md',
];
