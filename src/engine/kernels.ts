/** An address in linear memory, in bytes. */
export type Address = number;

/** What simdense.wasm exports: see assembly/index.ts and the doc comments there. */
export interface Kernels {
  readonly memory: WebAssembly.Memory;
  /** The first address that no kernel keeps for itself. */
  heapStart(): Address;

  packFloats(rows: number, columns: number, source: Address, order: Address, panels: Address, panelRows: number): void;
  packBytes(rows: number, columns: number, source: Address, order: Address, panels: Address, panelRows: number): void;
  packClasses(rows: number, classes: number, labels: Address, order: Address, panels: Address, panelRows: number): void;
  unpackFloats(rows: number, columns: number, panels: Address, panelRows: number, target: Address): void;

  allFinite(count: number, x: Address): boolean;

  setTiles(rows: number, columns: number): void;
  tileTrial(rows: number, columns: number, repeats: number): void;
  denseForward(
    rows: number,
    inputs: number,
    units: number,
    x: Address,
    kernel: Address,
    bias: Address,
    y: Address,
  ): void;
  denseInputGradient(
    rows: number,
    inputs: number,
    units: number,
    dy: Address,
    kernel: Address,
    transposed: Address,
    dx: Address,
  ): void;
  denseKernelGradient(rows: number, inputs: number, units: number, x: Address, dy: Address, dkernel: Address): void;
  denseBiasGradient(rows: number, units: number, dy: Address, dbias: Address): void;
  denseBackward(
    rows: number,
    inputs: number,
    units: number,
    x: Address,
    dy: Address,
    kernel: Address,
    transposed: Address,
    dx: Address,
    dkernel: Address,
    dbias: Address,
  ): void;

  activationForward(kind: number, count: number, x: Address, y: Address, alpha: number): void;
  activationBackward(kind: number, count: number, saved: Address, dy: Address, dx: Address, alpha: number): void;
  affine(count: number, x: Address, y: Address, scale: number, offset: number): void;
  softmaxForward(rows: number, columns: number, x: Address, y: Address): void;
  softmaxBackward(rows: number, columns: number, s: Address, dy: Address, dx: Address): void;

  loss(
    kind: number,
    rows: number,
    outputs: number,
    predicted: Address,
    target: Address,
    weights: Address,
    gradient: Address,
    rowLosses: Address,
  ): number;

  sgd(
    count: number,
    p: Address,
    g: Address,
    velocity: Address,
    rate: number,
    momentum: number,
    nesterov: boolean,
  ): void;
  adam(
    count: number,
    p: Address,
    g: Address,
    m: Address,
    v: Address,
    stepSize: number,
    scale: number,
    beta1: number,
    rest1: number,
    beta2: number,
    rest2: number,
    epsilon: number,
    keep: number,
  ): void;
  rmsprop(
    count: number,
    p: Address,
    g: Address,
    v: Address,
    velocity: Address,
    rate: number,
    rho: number,
    rest: number,
    momentum: number,
    epsilon: number,
  ): void;
  adagrad(count: number, p: Address, g: Address, v: Address, rate: number, epsilon: number): void;

  batchNormForward(
    rows: number,
    columns: number,
    x: Address,
    y: Address,
    gamma: Address,
    beta: Address,
    mean: Address,
    inverse: Address,
    variance: Address,
    epsilon: number,
  ): void;
  batchNormMove(
    rows: number,
    columns: number,
    mean: Address,
    variance: Address,
    movingMean: Address,
    movingVariance: Address,
    momentum: number,
  ): void;
  batchNormInference(
    rows: number,
    columns: number,
    x: Address,
    y: Address,
    gamma: Address,
    beta: Address,
    movingMean: Address,
    movingVariance: Address,
    epsilon: number,
  ): void;
  batchNormBackward(
    rows: number,
    columns: number,
    x: Address,
    dy: Address,
    dx: Address,
    gamma: Address,
    mean: Address,
    inverse: Address,
    dgamma: Address,
    dbeta: Address,
  ): void;

  dropout: Drawing;
  addNoise: Drawing;
  penalty(count: number, w: Address, gradient: Address, l1: number, l2: number): number;
  sumOfSquares(count: number, x: Address): number;
  clamp(count: number, x: Address, limit: number): void;
  mix(count: number, x: Address, y: Address, share: number): void;
  shiftImages: ImageChange;
  rotateImages: ImageChange;
  drawBeta(seed0: number, seed1: number, purpose: number, step: number, alpha: number): number;

  fillUniform(
    count: number,
    out: Address,
    seed0: number,
    seed1: number,
    purpose: number,
    step: number,
    first: number,
    middle: number,
    half: number,
  ): void;
  fillNormal(
    count: number,
    out: Address,
    seed0: number,
    seed1: number,
    purpose: number,
    step: number,
    first: number,
    mean: number,
    deviation: number,
  ): void;
  shuffle(count: number, order: Address, seed0: number, seed1: number, purpose: number, step: number): void;
  philox(seed0: number, seed1: number, index: number, step: number, purpose: number, last: number, out: Address): void;
}

/** y from x of `count` floats and what is drawn: the numbers from `first` on. */
type Drawing = (
  count: number,
  x: Address,
  y: Address,
  seed0: number,
  seed1: number,
  purpose: number,
  step: number,
  first: number,
  amount: number,
) => void;

/** Images of `rows` rows, row-major, changed by up to `most`; drawn as rows `first` and on. */
type ImageChange = (
  rows: number,
  width: number,
  height: number,
  x: Address,
  out: Address,
  seed0: number,
  seed1: number,
  purpose: number,
  step: number,
  first: number,
  most: number,
) => void;
