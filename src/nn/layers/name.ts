import { refuse } from '../../base/checks.js';

/** Checks a layer's name. The names of its weights begin with it and a slash, so it must not contain one. */
export function checkName(where: string, name: unknown): string {
  if (typeof name !== 'string' || name === '' || name.includes('/')) refuse(where, 'a name without a slash', name);
  return name;
}
