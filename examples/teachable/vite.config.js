export default {
  // Relative, so that the page can be put into any folder.
  base: './',
  build: { target: 'esnext' },
};
