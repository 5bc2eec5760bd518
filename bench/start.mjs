// Prints the milliseconds from before the import of the built package to the first prediction of a W2 network, in a fresh process.
const begin = performance.now();
const { dense, sequential } = await import('simdense');
const layers = [dense({ units: 128, activation: 'relu' }), dense({ units: 10, activation: 'softmax' })];
sequential({ inputs: 784, layers }).predict(new Float32Array(784));
console.log(performance.now() - begin);
