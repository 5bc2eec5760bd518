import { refuse } from '../../base/checks.js';

/** A layer's own name, if it has one: the first part of its weights' names, so it holds no slash. */
export function checkName(where: string, name: unknown): { name?: string } {
  if (name === undefined) return {};
  if (typeof name !== 'string' || name === '' || name.includes('/'))
    refuse(`${where}(name)`, 'a name without a slash', name);
  return { name };
}
