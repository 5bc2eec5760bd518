import {
  describedBy,
  noMore,
  type Part,
  positiveInteger,
  positiveNumber,
  refuse,
  wholeNumber,
} from '../base/checks.js';

/** How fit changes each batch before it is learnt from: a plain, frozen description. Draws follow from the seed and the batch's number. */
export type Augmentation =
  | { readonly type: 'jitter'; readonly stddev: number }
  | { readonly type: 'shiftImage'; readonly width: number; readonly height: number; readonly max: number }
  | { readonly type: 'rotateImage'; readonly width: number; readonly height: number; readonly degrees: number }
  | { readonly type: 'mixup'; readonly alpha: number };

/** The augmentation of this type. */
type Of<T extends Augmentation['type']> = Extract<Augmentation, { readonly type: T }>;
const size = { width: [positiveInteger], height: [positiveInteger] } as const;

/** Adds normal numbers of this standard deviation, in x's own units. */
export function jitter(o: { stddev: number }): Augmentation {
  noMore('jitter', arguments, 1);
  return describedBy<Of<'jitter'>>('jitter', o, { stddev: [positiveNumber] });
}

/** Moves each image by whole pixels, up to `max` each way; what comes in is 0. x is width × height numbers a row. */
export function shiftImage(o: { width: number; height: number; max: number }): Augmentation {
  noMore('shiftImage', arguments, 1);
  return describedBy<Of<'shiftImage'>>('shiftImage', o, { ...size, max: [wholeNumber] });
}

/** Turns each image around its middle, up to `degrees` (at most 180) each way: bilinear, 0 outside. */
export function rotateImage(o: { width: number; height: number; degrees: number }): Augmentation {
  noMore('rotateImage', arguments, 1);
  return describedBy<Of<'rotateImage'>>('rotateImage', o, { ...size, degrees: [atMost(180)] });
}

/** Mixes each row and its target with another of the batch, in a share drawn once a batch from Beta(alpha, alpha), alpha at most 4 (Zhang et al. 2018, arXiv 1710.09412). */
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

/** The description, checked again, for rows of `inputs` numbers. Throws SimdenseError 'ARGUMENT'. */
export function checkAugmentation(where: string, value: unknown, inputs: number): Augmentation {
  const { type } = (value ?? {}) as Augmentation;
  if (typeof type !== 'string' || !Object.hasOwn(kinds, type))
    refuse(where, `what one of ${Object.keys(kinds).join(', ')} gives, such as jitter({ stddev: 0.1 })`, type ?? value);
  const checked = kinds[type](value as never);
  if ('width' in checked && checked.width * checked.height !== inputs) {
    refuse(`${where}: width × height`, `the ${inputs} inputs`, checked.width * checked.height);
  }
  return checked;
}
