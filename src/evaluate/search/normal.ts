// The normal distribution by + − × ÷ √ alone, so that every runtime draws the same points: the last bits of Math.exp and its relatives differ between runtimes.
import { powerOfTwo } from '../../data/powers.js';

/** e^x. */
export const exponential = (x: number): number => powerOfTwo(x / Math.LN2);

/** The density of the standard normal distribution. */
export const density = (z: number): number => exponential((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** Beyond this many deviations the tail is less than float64 can tell from 0 beside ½. */
const FAR = 9;

/**
 * The probability between the mean and z, with z's sign: φ(z) · Σ z^(2n+1) / (1·3·…·(2n+1)) (Abramowitz, Stegun 1964, 26.2.11). All terms have one sign, so that
 * nothing is lost by cancellation.
 */
export function massFromMean(z: number): number {
  if (Math.abs(z) >= FAR) return Math.sign(z) / 2;
  let term = z;
  let sum = z;
  for (let n = 3; Math.abs(term) > 1e-17 * Math.abs(sum); n += 2) {
    term *= (z * z) / n;
    sum += term;
  }
  return sum * density(z);
}

/** The probability between two points. */
export const massBetween = (from: number, to: number): number => massFromMean(to) - massFromMean(from);

/** Draws from the part of the standard normal distribution between two points: where a share of its probability ends. By halving, 60 times. */
export function quantileBetween(from: number, to: number, share: number): number {
  const wanted = massFromMean(from) + share * massBetween(from, to);
  let [low, high] = [Math.max(from, -FAR), Math.min(to, FAR)];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (massFromMean(middle) < wanted) low = middle;
    else high = middle;
  }
  return Math.min(to, Math.max(from, (low + high) / 2));
}
