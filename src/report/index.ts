// simdense/report: a training run as one self-contained HTML page, or as text for a terminal; a search as a page.
export type { Misread, ReportContents } from './contents.js';
export { report } from './report.js';
export { searchReport } from './search/search-report.js';
export type { Searched, SearchReportContents } from './search/searched.js';
export { reportText, type TextSettings } from './text.js';
