// What every runtime is asked to do: learn the digits for three epochs, predict, save, load; and one hash of the weights.

/** `digits` are bytes, 64 a row, and their labels. */
export async function program({ adam, dense, dropout, loadModel, Matrix, rescaling, sequential }, { pixels, labels }) {
  const x = new Matrix(pixels, 64);
  const model = sequential({
    inputs: 64,
    seed: 5,
    layers: [
      rescaling({ scale: 1 / 16 }),
      dense({ units: 32, activation: 'relu' }),
      dropout({ rate: 0.1 }),
      dense({ units: 10, activation: 'softmax' }),
    ],
  }).compile({ optimizer: adam({ learningRate: 0.003 }), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const { epochs } = await model.fit(x, labels, { epochs: 3 });
  const file = model.save();
  const again = loadModel(file);
  const [a, b] = [model.predict(x).data, again.predict(x).data];
  // Only the numbers, since the header before them contains the version that wrote the file.
  const header = Number(new DataView(file.buffer).getBigUint64(0, true));
  const hash = await crypto.subtle.digest('SHA-256', file.subarray(8 + header));
  return {
    hash: Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join(''),
    accuracy: epochs[2].accuracy,
    same: a.length === b.length && a.every((value, i) => value === b[i]),
  };
}
