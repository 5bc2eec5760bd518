// Which class is answered for probabilities, in C.
import type { Bundle } from './bundle.js';
import { double } from './c-text.js';

/** src/evaluate/decision.ts: the function `_label`. Probabilities are floats and the threshold is a double, as in JavaScript. */
export function labelFunction(p: string, { classes, together, numbers }: Bundle): string[] {
  if (!classes) return [];
  const start = `static inline int ${p}_label(const float *out) {`;
  const answers = `/* The index into ${p}_classes of the answer to the probabilities that ${p}_predict wrote:`;
  const decision = together?.decision;
  if (!decision) {
    return [
      `${answers} the most likely class, the first of equal ones; -1 where a number is NAN. */
${start}
  for (int c = 0; c < ${numbers}; c++) if (out[c] != out[c]) return -1;
  int top = 0;
  for (int c = 1; c < ${numbers}; c++) if (out[c] > out[top]) top = c;
  return top;
}`,
    ];
  }
  const place = classes.indexOf(decision.positive);
  const threshold = double(decision.threshold);
  return [
    `${answers} ${place} from a probability of ${threshold} on, as it was decided when the file was made; otherwise the most likely of the others, the first of equal ones; -1 where a number is NAN. */
${start}
  for (int c = 0; c < ${numbers}; c++) if (out[c] != out[c]) return -1;
  if ((double)out[${place}] >= ${threshold}) return ${place};
  int top = ${place === 0 ? 1 : 0};
  for (int c = top + 1; c < ${numbers}; c++) if (c != ${place} && out[c] > out[top]) top = c;
  return top;
}`,
  ];
}
