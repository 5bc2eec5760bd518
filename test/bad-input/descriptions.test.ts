// The exact messages of layers and optimizers for bad input.
import { activation, adam, dense, rescaling, sgd } from '../../src/index.js';
import { any, checkMessages } from './check.js';
import { activations } from './names.js';

checkMessages([
  [() => dense({ units: 2.5 }), 'SimdenseError [ARGUMENT]: dense(units): expected a positive integer, got 2.5'],
  [() => dense(any(undefined)), 'SimdenseError [ARGUMENT]: dense(units): expected a positive integer, got undefined'],
  [
    () => dense(any(8)),
    'SimdenseError [ARGUMENT]: dense: expected a plain object with options, got 8; did you mean { units: 8 }?',
  ],
  [
    () => adam(any(0.01)),
    'SimdenseError [ARGUMENT]: adam: expected a plain object with options, got 0.01; did you mean { learningRate: 0.01 }?',
  ],
  [() => dense({ units: any('4') }), 'SimdenseError [ARGUMENT]: dense(units): expected a positive integer, got "4"'],
  [
    () => dense(any({ units: 2, activaton: 'relu' })),
    'SimdenseError [ARGUMENT]: dense: unknown option "activaton"; known are units, activation, useBias, kernelInitializer, biasInitializer, kernelRegularizer, biasRegularizer, name; did you mean activation?',
  ],
  [
    () => dense({ units: 2, activation: any('maxout') }),
    `SimdenseError [ARGUMENT]: dense(activation): expected one of ${activations}, got "maxout"`,
  ],
  [
    () => dense({ units: 2, activation: { type: 'leakyRelu', slope: -1 } }),
    'SimdenseError [ARGUMENT]: dense(activation): slope: expected a number from 0 up, got -1',
  ],
  [
    () => dense({ units: 2, activation: { type: 'elu', alpha: Number.NaN } }),
    'SimdenseError [ARGUMENT]: dense(activation): alpha: expected a number from 0 up, got NaN',
  ],
  [
    () => dense({ units: 2, useBias: any(1) }),
    'SimdenseError [ARGUMENT]: dense(useBias): expected true or false, got 1',
  ],
  [
    () => dense({ units: 2, kernelInitializer: any('xavier') }),
    'SimdenseError [ARGUMENT]: dense(kernelInitializer): expected one of zeros, ones, glorotUniform, glorotNormal, heUniform, heNormal, lecunNormal, orthogonal, got "xavier"; did you mean glorotUniform?',
  ],
  [
    () => dense({ units: 2, kernelInitializer: any({ type: 'uniform' }) }),
    'SimdenseError [ARGUMENT]: dense(kernelInitializer): type: expected one of randomUniform, randomNormal, constant, got "uniform"',
  ],
  [
    () => dense({ units: 2, kernelInitializer: { type: 'randomUniform', min: 1, max: 0 } }),
    'SimdenseError [ARGUMENT]: dense(kernelInitializer): min 1 is above max 0',
  ],
  [
    () => dense({ units: 2, kernelInitializer: { type: 'randomNormal', stddev: 0 } }),
    'SimdenseError [ARGUMENT]: dense(kernelInitializer): stddev: expected a positive number, got 0',
  ],
  [
    () => dense({ units: 2, name: 'a/b' }),
    'SimdenseError [ARGUMENT]: dense(name): expected a name without a slash, got "a/b"',
  ],
  [
    () => activation(any(null)),
    `SimdenseError [ARGUMENT]: activation: expected one of ${activations}, or an object such as { type: 'elu', alpha: 1 }, got null`,
  ],
  [() => rescaling(any({})), 'SimdenseError [ARGUMENT]: rescaling(scale): expected a finite number, got undefined'],
  [() => rescaling({ scale: 0 }), 'SimdenseError [ARGUMENT]: rescaling(scale): expected a number other than 0, got 0'],
  [() => sgd({ learningRate: 0 }), 'SimdenseError [ARGUMENT]: sgd(learningRate): expected a positive number, got 0'],
  [() => sgd({ momentum: 1 }), 'SimdenseError [ARGUMENT]: sgd(momentum): expected a number from 0 to below 1, got 1'],
  [() => sgd({ nesterov: true }), 'SimdenseError [ARGUMENT]: sgd(nesterov): needs a momentum above 0'],
  [() => adam({ beta1: -0.1 }), 'SimdenseError [ARGUMENT]: adam(beta1): expected a number from 0 to below 1, got -0.1'],
  [
    () => adam({ epsilon: Number.POSITIVE_INFINITY }),
    'SimdenseError [ARGUMENT]: adam(epsilon): expected a positive number, got Infinity',
  ],
]);
