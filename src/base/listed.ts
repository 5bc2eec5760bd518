import { show } from './checks.js';

/** Names for a message, in quotes; at most `most`, such as '"a", "b" and 10 more'. */
export function listed(names: readonly string[], most = 12): string {
  const shown = names.slice(0, most).map(show).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
