import { refuse } from '../../base/checks.js';

/** A layer's own name: the first part of its weights' names, so it holds no slash. */
export function checkName(where: string, name: unknown): string {
  if (typeof name !== 'string' || name === '' || name.includes('/')) refuse(where, 'a name without a slash', name);
  return name;
}
