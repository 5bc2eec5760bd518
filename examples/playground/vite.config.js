export default {
  // Relative, so that the page can be put into any folder.
  base: './',
  worker: { format: 'es' },
  build: { target: 'esnext' },
};
