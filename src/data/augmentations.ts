import {
  describedBy,
  noMore,
  type Part,
  positiveInteger,
  positiveNumber,
  refuse,
  wholeNumber,
} from '../base/checks.js';

/**
 * The description of a random change that training makes to each batch: a plain, frozen object. The random draws depend only on the model's seed and the
 * number of the batch.
 */
export type Augmentation =
  | { readonly type: 'jitter'; readonly stddev: number }
  | { readonly type: 'shiftImage'; readonly width: number; readonly height: number; readonly max: number }
  | { readonly type: 'rotateImage'; readonly width: number; readonly height: number; readonly degrees: number }
  | { readonly type: 'mixup'; readonly alpha: number };

/** The augmentation of this type. */
type Of<T extends Augmentation['type']> = Extract<Augmentation, { readonly type: T }>;
const size = { width: [positiveInteger], height: [positiveInteger] } as const;

/**
 * Adds normally distributed noise to every number of x.
 *
 * @param o The options.
 * @param o.stddev The standard deviation, in x's own units; above 0.
 * @returns A frozen description, for `augment` of fit.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range.
 * @example
 * import { dense, sequential } from 'simdense';
 *
 * const model = sequential({ inputs: 2, layers: [dense({ units: 1 })] }).compile({ loss: 'meanSquaredError' });
 * await model.fit([[0, 1], [1, 0]], [1, 2], { epochs: 3, augment: [jitter({ stddev: 0.1 })] });
 */
export function jitter(o: { stddev: number }): Augmentation {
  noMore('jitter', arguments, 1);
  return describedBy<Of<'jitter'>>('jitter', o, { stddev: [positiveNumber] });
}

/**
 * Moves each image by a random whole number of pixels in each direction. Pixels from outside of the image are 0.
 *
 * @param o The options.
 * @param o.width Columns of an image. A row of x has width × height numbers, one image row after the other.
 * @param o.height Rows of an image.
 * @param o.max The most pixels by which an image moves left, right, up or down.
 * @returns A frozen description, for `augment` of fit.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range. fit throws it where width × height is
 * not the number of the model's inputs.
 * @example
 * import { dense, Matrix, sequential } from 'simdense';
 *
 * const images = new Matrix(new Float32Array(10 * 64), 64);
 * const model = sequential({ inputs: 64, layers: [dense({ units: 1 })] }).compile({ loss: 'meanSquaredError' });
 * const augment = [shiftImage({ width: 8, height: 8, max: 1 })];
 * await model.fit(images, new Float32Array(10), { epochs: 1, augment });
 */
export function shiftImage(o: { width: number; height: number; max: number }): Augmentation {
  noMore('shiftImage', arguments, 1);
  return describedBy<Of<'shiftImage'>>('shiftImage', o, { ...size, max: [wholeNumber] });
}

/**
 * Rotates each image around its centre by a random angle. Pixels are interpolated bilinearly; outside of the image they
 * are 0.
 *
 * @param o The options.
 * @param o.width Columns of an image. A row of x has width × height numbers, one image row after the other.
 * @param o.height Rows of an image.
 * @param o.degrees The largest angle, in either direction; above 0, at most 180.
 * @returns A frozen description, for `augment` of fit.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range. fit throws it where width × height is
 * not the number of the model's inputs.
 * @example
 * import { dense, Matrix, sequential } from 'simdense';
 *
 * const images = new Matrix(new Float32Array(10 * 64), 64);
 * const model = sequential({ inputs: 64, layers: [dense({ units: 1 })] }).compile({ loss: 'meanSquaredError' });
 * const augment = [rotateImage({ width: 8, height: 8, degrees: 10 })];
 * await model.fit(images, new Float32Array(10), { epochs: 1, augment });
 */
export function rotateImage(o: { width: number; height: number; degrees: number }): Augmentation {
  noMore('rotateImage', arguments, 1);
  return describedBy<Of<'rotateImage'>>('rotateImage', o, { ...size, degrees: [atMost(180)] });
}

/**
 * Mixes each row and its target with another row of the batch: λ·one + (1 − λ)·other, with λ drawn once for each batch from
 * Beta(alpha, alpha). Source: Zhang et al. 2018, arXiv 1710.09412. A row keeps its own weight. The metrics of the training compare the
 * predictions for mixed rows with the targets as they were given, and so does the loss that is told of several scaled targets.
 *
 * @param o The options.
 * @param o.alpha The parameter of the Beta distribution; above 0, at most 4. The paper uses 0.1 to 0.4 on images.
 * @returns A frozen description, for `augment` of fit.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range.
 * @example
 * import { dense, sequential } from 'simdense';
 *
 * const model = sequential({ inputs: 2, layers: [dense({ units: 1 })] }).compile({ loss: 'meanSquaredError' });
 * await model.fit([[0, 1], [1, 0]], [1, 2], { epochs: 3, augment: [mixup({ alpha: 0.2 })] });
 */
export function mixup(o: { alpha: number }): Augmentation {
  noMore('mixup', arguments, 1);
  return describedBy<Of<'mixup'>>('mixup', o, { alpha: [atMost(4)] });
}

function atMost(most: number): Part[0] {
  return (where, value) => {
    const given = positiveNumber(where, value);
    if (given > most) refuse(where, `at most ${most}`, given);
    return given;
  };
}

const kinds = { jitter, shiftImage, rotateImage, mixup } as const;

/** The most augmentations of a list: each draws by a number of its own, see Purpose.augment. */
const MOST = 32;

/** Checked copies of a list of augmentations for rows of `inputs` numbers. Throws SimdenseError 'ARGUMENT'. */
export function checkAugmentations(verb: string, list: unknown, inputs: number): Augmentation[] {
  if (!Array.isArray(list) || list.length > MOST) refuse(`${verb}(augment)`, `at most ${MOST} augmentations`, list);
  return Array.from(list, (change, i) => checkAugmentation(`${verb}(augment[${i}])`, change, inputs));
}

/** A checked copy of an augmentation for rows of `inputs` numbers. Throws SimdenseError 'ARGUMENT'. */
function checkAugmentation(where: string, value: unknown, inputs: number): Augmentation {
  const { type } = (value ?? {}) as Augmentation;
  if (typeof type !== 'string' || !Object.hasOwn(kinds, type))
    refuse(where, `an augmentation (${Object.keys(kinds).join(', ')}), such as jitter({ stddev: 0.1 })`, type ?? value);
  const checked = kinds[type](value as never);
  if ('width' in checked && checked.width * checked.height !== inputs) {
    refuse(`${where}: width × height`, `the ${inputs} inputs`, checked.width * checked.height);
  }
  return checked;
}
