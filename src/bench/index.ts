// What this machine and this runtime give: of the command `npx simdense bench` and of the page bench.html.
export { type BenchOptions, type BenchProgress, bench } from './bench.js';
export { benchMarkdown } from './markdown.js';
export { benchPage, benchSections } from './page.js';
export type { BenchResults, Line, OptionTimes, Recommendation } from './results.js';
export { benchText } from './text.js';
