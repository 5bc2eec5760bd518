// What the inputs and the classes of a network are called: a network knows their numbers, who made them their names.
import { show } from '../base/checks.js';
import type { Finding } from './finding.js';

/** The names of a network's inputs, and of its classes, in their order. */
export interface Names {
  readonly inputs?: readonly string[];
  readonly classes?: readonly string[];
}

/** What a message calls an input, or a class, whose name it does not know. */
export const inputWord = (input: number): string => `input column ${input}`;
export const classWord = (label: number): string => `class ${label}`;

/** The finding, whose message has names in place of numbers, as far as they are given. */
export function named(finding: Finding, { inputs = [], classes = [] }: Names): Finding {
  const pairs = [
    ...(finding.inputs ?? []).map((input) => [inputWord(input), inputs[input]] as const),
    ...(finding.class === undefined ? [] : [[classWord(finding.class), classes[finding.class]] as const]),
  ];
  const message = pairs.reduce(
    (text, [word, name]) =>
      name === undefined ? text : text.replace(new RegExp(`\\b${word}\\b`, 'gi'), () => show(name)),
    finding.message,
  );
  return message === finding.message ? finding : { ...finding, message };
}
