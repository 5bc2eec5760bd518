// What every runtime is asked to do with a table: train the networks of 'tabular', judge them, save and load them; and one hash of what they predict.

/** The table has numbers, categories, dates and missing cells. */
const rows = Array.from({ length: 160 }, (_, i) => ({
  size: i % 11 === 0 ? null : Math.sin(i) * 10,
  weight: (i * 37) % 101,
  colour: ['red', 'green', 'blue'][(i * 7) % 3],
  day: new Date(86_400_000 * ((i * 13) % 400)),
  ripe: Math.sin(i) * 10 + ((i * 37) % 101) / 10 > 5 ? 'yes' : 'no',
}));

const hashOf = async (bytes) =>
  Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');

export async function tabular({ fitPipeline, loadEnsemble }, { readTable }) {
  const table = await readTable(rows);
  const told = [];
  for (const target of ['ripe', 'weight']) {
    const fitted = await fitPipeline('tabular', table, target, { seed: 4, members: 3 });
    const predicted = fitted.predictProbabilities(rows).data;
    const again = loadEnsemble(fitted.save()).predictProbabilities(table).data;
    told.push([
      await hashOf(predicted),
      predicted.every((value, i) => value === again[i]),
      fitted.temperature,
      fitted.judgement.figures,
    ]);
  }
  return told;
}
