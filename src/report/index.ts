// simdense/report: one self-contained HTML page, and the same for a terminal.
export type { Misread, ReportContents } from './contents.js';
export { report } from './report.js';
export { reportText, type TextSettings } from './text.js';
