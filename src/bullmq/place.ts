// A folder or URL with data sets that are too large for Redis. Whoever starts a coordinator or a worker names it, never a job.
import { resolve } from 'node:path';
import { refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';

export type Place = { readonly folder: string } | { readonly url: string };

/** The place that an option names. A relative folder is relative to this process. Throws SimdenseError 'ARGUMENT' for anything else. */
export function placeOf(where: string, data: unknown, option = 'data'): Place | undefined {
  if (data === undefined) return undefined;
  if (typeof data !== 'string' || data === '' || data.includes('\0'))
    refuse(`${where}(${option})`, 'a folder or a URL', data);
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(data)) return { folder: resolve(data) };
  const url = URL.canParse(data) ? new URL(data) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || /[?#]/.test(data) || url.username || url.password) {
    // Do not show the URL: it may contain a password.
    const message = `${where}(${option}): expected a folder, or an http(s) URL without user, password, ? and #`;
    throw new SimdenseError('ARGUMENT', message);
  }
  // The files are under it, not beside it.
  return { url: url.href.replace(/\/*$/, '/') };
}
