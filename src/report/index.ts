// simdense/report: a training run as one self-contained HTML page, or as text for a terminal.
export type { Misread, ReportContents } from './contents.js';
export { report } from './report.js';
export { reportText, type TextSettings } from './text.js';
