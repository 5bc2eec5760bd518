// The settings of a run as text.
import { jsonOf } from './check.js';
import type { ReportContents } from './contents.js';

/** The settings by name. A value is a text, or, for a list of descriptions such as layers, one text for each: 'dense: units 32, activation relu'. */
export function settingsOf({ configuration, model }: ReportContents): [name: string, value: string | string[]][] {
  // The seed that was asked for, if the settings have it: that of a network among several follows from it.
  return Object.entries({ ...(model && { seed: model.seed }), ...configuration })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, settingOf(value)]);
}

function settingOf(value: unknown): string | string[] {
  if (typeof value === 'number' || typeof value === 'string') return String(value);
  const json = jsonOf(value) as string;
  const plain: unknown = JSON.parse(json);
  const parts = Array.isArray(plain) ? plain : [plain];
  return parts.length > 0 && parts.every(isDescription) ? parts.map(described) : json;
}

const isDescription = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function described({ type, ...rest }: Record<string, unknown>): string {
  const settings = Object.entries(rest).map(([name, value]) => `${name} ${inWords(value)}`);
  return [...(type === undefined ? [] : [String(type)]), ...(settings.length > 0 ? [settings.join(', ')] : [])].join(
    ': ',
  );
}

/** A value within a description. A nested description is put in brackets: (randomNormal: stddev 1). */
function inWords(value: unknown): string {
  if (typeof value === 'string') return value;
  return isDescription(value) ? `(${described(value)})` : JSON.stringify(value);
}
