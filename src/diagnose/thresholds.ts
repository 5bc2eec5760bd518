// From where on a figure is a finding, and who says so. What healthy runs have is measured by bench/thresholds.ts, over 66 runs: test/diagnose/healthy.ts, and eighteen tables by three networks; a part of each table or all of it.

/**
 * The first layer's gradient ÷ the last one's, root mean squares. Each sigmoid multiplies a gradient by at most 1/4 (Hochreiter 1991; Nielsen, Neural Networks and Deep
 * Learning, chapter 5), so that five of them take three decimals. Healthy: 0.023 to 1.7; six sigmoid layers on the digits: 1.3e-4.
 */
export const VANISHING = 1e-3;
/** The same, upwards: as far above 1 as the other is below. Rare, since what makes gradients grow on their way back makes activations grow on their way. */
export const EXPLODING = 1e3;
/** Norm of all gradients together; Pascanu et al. 2013 (arXiv 1211.5063) clip at 1 to 10 times what is usual. Healthy: 0.0033 to 52; six relu layers drawn four times too wide: 4e3 to 1e4. */
export const GRADIENT_NORM = 1e3;
/** Share of a layer's units that are off for every row seen (CS231n, Neural Networks 1: "as much as 40 % of your network can be dead"). Healthy: up to 0.22, on the digits. */
export const DEAD_SHARE = 0.4;
/** Rows in a row for which a unit is off before it counts as dead. */
export const DEAD_ROWS = 256;
/** A sigmoid this near to 0 or 1, a tanh this near to −1 or 1, is saturated: its slope is below a twenty-fifth of the steepest. */
export const SATURATED_WITHIN = 0.01;
/** Share of a layer's outputs that are saturated (Glorot, Bengio 2010, section 3). Healthy: up to 0.055, a noisy sine at a high rate. */
export const SATURATED_SHARE = 0.5;
/**
 * Update ÷ weights, root mean squares; about 1e-3 is right (CS231n, Neural Networks 3), and a factor of 100 off is far. Healthy: 6.6e-5 to 0.031; the first of a small network with a
 * high rate, such as the README's XOR, up to 0.26: too large a rate shows as a loss that does not fall (Goodfellow et al. 2016, Deep Learning, section 11.4.1).
 */
export const UPDATE_TOO_SMALL = 1e-5;
export const UPDATE_TOO_LARGE = 1e-1;
export const HEALTHY_UPDATE = 1e-3;
/** Share of the first loss that must be left for small updates to be a finding, and below which large ones have done no harm. */
export const STILL_LEARNING = 0.5;
/** Times the loss of an even guess, ln(classes) (CS231n, Neural Networks 3, "look for correct loss at chance performance"). Healthy: 0.48 to 2.2. */
export const FIRST_LOSS = 4;
/** Rows of a first batch whose loss says something about the network, and not about the rows. */
export const FIRST_ROWS = 16;
/** Epochs and updates before a loss that has not fallen by 2 % is one that does not fall. Healthy: by then the loss has fallen to 0.73 of the first epoch's or less. */
export const PATIENCE = 5;
export const UPDATES = 200;
export const FALL = 0.98;
/** Times the first loss, or that of the best constant prediction if it is more: an epoch's mean, and two batches one after the other. Healthy: an epoch has up to 3.4 times the first batch's. */
export const DIVERGES = 10;
export const DIVERGES_AT_ONCE = 1e3;
/** Share of the last epochs in which the loss rose by a tenth or more. */
export const OSCILLATES = 0.4;
export const RISE = 1.1;
/** A validation error ÷ its best (Prechelt 1998, Early Stopping – but when?, GL at 10 %); a share, such as accuracy, that is lower by two hundredths and three rows. */
export const OVERFITTING = 1.1;
export const SHARE_LOST = 0.02;
export const ROWS_LOST = 3;
/** What an error must have risen by as well: this share of its first value, and so many standard deviations of its rolling mean. */
export const COSTS = 0.02;
export const BEYOND_NOISE = 3;
/**
 * A figure on the validation rows beside that on the training rows (Goodfellow et al. 2016, Deep Learning, section 5.2, the gap between training and test error, for which it names
 * no number): an error of so many times theirs; and a share, such as accuracy, that is also lower by GAP and by BEYOND_NOISE standard errors. Both numbers are ours. At their best epoch
 * healthy runs have up to 28 times and 0.14, so that the gap alone is no finding: the validation loss must have risen as above, or be so far above the no-skill loss. A
 * network that only grows more confident, whose validation loss rises while its accuracy stays, is below both limits.
 */
export const APART = 2;
export const GAP = 0.1;
/** Epochs after the best in mid-run, where an earlyStopping may be waiting, and at the end. */
export const WAITING = 30;
/** Share of the no-skill loss that a network without hidden units, or with few, is left with: it cannot say more. */
export const UNDERFITS = 0.85;
/**
 * The same where a hidden layer has fewer units than log2(classes), so that not even their signs tell the classes apart. Measured over four tables of 4 to 11 classes: such
 * networks keep 0.50 to 0.78, those of 32 units up to 0.23.
 */
export const UNDERFITS_CLASSES = 0.5;
/** Units of a hidden layer up to which a network counts as small. */
export const FEW_UNITS = 4;
/** Share of the predictions that are other classes than the commonest one: at most this, and at most a tenth of what they should be. */
export const OTHERS = 0.02;
export const FOUND = 0.1;
/** Rows of other classes that must have been seen to miss them. */
export const OTHERS_SEEN = 5;
/** Mean size of an input column; LeCun et al. 1998, Efficient BackProp, section 4.3, want about 1. Iris as it is has 1.2 to 5.8, digits ÷ 16 up to 0.8. */
export const UNSCALED = 10;
/** Root mean square of the largest column of a regression's targets: above this, and below its inverse square, a network needs long to come near them. Targets that a pipeline scales are not judged. */
export const UNSCALED_TARGETS = 10;
/** Share of the cells that are zeros, from which on a column of zeros is nothing special: counts, words, categories. */
export const ZEROS = 0.2;
/** Share of the columns that have two values, from which on a column of zeros is a category that these rows do not have. */
export const PAIRS = 0.4;
/** Fall of the loss in each of the last three epochs, while a quarter of the first loss, or of the no-skill one if that is less, is left: it was stopped while it learnt. Healthy runs that end with more than a quarter, such as the titanic's 0.77, are flat there. */
export const STILL_FALLING = 0.97;
export const LEFT = 0.25;
/** The same for a slow fall, in each of the last three epochs and by this between the last five and the five before, while half is left. */
export const STILL_FALLING_SLOWLY = 0.97;
export const LEFT_SLOWLY = 0.5;
