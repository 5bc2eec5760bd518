// The thresholds of findings and their sources. The figures of healthy runs are measured by bench/thresholds.ts over 66 runs: those of test/diagnose/healthy.ts, and three networks on eighteen tables, on a part of each table or all of it.

/**
 * The first layer's gradient ÷ the last one's, root mean squares. Each sigmoid multiplies a gradient by at most 1/4 (Hochreiter 1991; Nielsen, Neural Networks and Deep
 * Learning, chapter 5), so five of them shrink it to a thousandth. Healthy: 0.023 to 1.7; six sigmoid layers on the digits: 1.3e-4.
 */
export const VANISHING = 1e-3;
/** The opposite limit of the same ratio. It is rarely reached, since weights that make gradients grow also make activations grow. */
export const EXPLODING = 1e3;
/** The norm of all gradients together. Pascanu et al. 2013 (arXiv 1211.5063) clip at 1 to 10 times the usual norm. Healthy: 0.0033 to 52; six relu layers drawn four times too wide: 4e3 to 1e4. */
export const GRADIENT_NORM = 1e3;
/** Share of a layer's units that are inactive for all rows seen (CS231n, Neural Networks 1: "as much as 40 % of your network can be dead"). Healthy: up to 0.22, on the digits. */
export const DEAD_SHARE = 0.4;
/** Number of consecutive rows after which an inactive unit counts as dead. */
export const DEAD_ROWS = 256;
/** A sigmoid this close to 0 or 1, or a tanh this close to −1 or 1, is saturated: its slope is below 1/25 of the maximum. */
export const SATURATED_WITHIN = 0.01;
/** Share of a layer's outputs that are saturated (Glorot, Bengio 2010, section 3). Healthy: up to 0.055, a noisy sine at a high rate. */
export const SATURATED_SHARE = 0.5;
/**
 * Update ÷ weights, root mean squares; about 1e-3 is right (CS231n, Neural Networks 3), and the limits are a factor of 100 away. Healthy: 6.6e-5 to 0.031; the first updates of a small network with a
 * high rate, such as the README's XOR, up to 0.26. A rate that is too large shows as a loss that does not fall (Goodfellow et al. 2016, Deep Learning, section 11.4.1).
 */
export const UPDATE_TOO_SMALL = 1e-5;
export const UPDATE_TOO_LARGE = 1e-1;
export const HEALTHY_UPDATE = 1e-3;
/** Mean norm of all gradients ÷ clipNorm, from which on nearly all gradients are those that clipNorm has cut. */
export const CLIPPED = 0.9;
/** Share of the first loss: above it, small updates are a finding; below it, large updates have done no damage. */
export const STILL_LEARNING = 0.5;
/** Factor between the first loss and that of an even guess, ln(classes) (CS231n, Neural Networks 3, "look for correct loss at chance performance"). Healthy: 0.48 to 2.2. */
export const FIRST_LOSS = 4;
/** The fewest rows of a first batch whose loss tells more about the network than about the rows. */
export const FIRST_ROWS = 16;
/** Epochs and updates after which a loss must have fallen by 2 %. Healthy: it has fallen to 0.73 of the first epoch's loss or less. */
export const PATIENCE = 5;
export const UPDATES = 200;
export const FALL = 0.98;
/** A loss diverges above this multiple of the first loss, or of that of the best constant prediction if it is more: for the mean of an epoch, and for two consecutive batches. Healthy: an epoch has up to 3.4 times the loss of the first batch. */
export const DIVERGES = 10;
export const DIVERGES_AT_ONCE = 1e3;
/** The loss oscillates if it rose in this share of the last epochs, each time by this factor or more. */
export const OSCILLATES = 0.4;
export const RISE = 1.1;
/** A validation error ÷ its best (Prechelt 1998, Early Stopping – but when?, GL at 10 %); for a share, such as accuracy, the loss of two hundredths and of three rows. */
export const OVERFITTING = 1.1;
export const SHARE_LOST = 0.02;
export const ROWS_LOST = 3;
/** An error must also have risen by this share of its first value, and by this many standard deviations of its rolling mean. */
export const COSTS = 0.02;
export const BEYOND_NOISE = 3;
/**
 * A figure on validation rows compared with training rows (Goodfellow et al. 2016, Deep Learning, section 5.2, the gap between training and test error, which names
 * no number): the error is APART times that on training rows; a share, such as accuracy, is also lower by GAP and by BEYOND_NOISE standard errors. Both numbers are our own. At their
 * best epoch healthy runs have up to 28 times and 0.14, so the gap alone is no finding: the validation loss must also have risen as above, or be that far above the loss of the best
 * constant prediction. A network that only grows more confident, whose validation loss rises while its accuracy stays, is below both limits.
 */
export const APART = 2;
export const GAP = 0.1;
/** Epochs after the best one before over-fitting is reported during a run, since earlyStopping may be waiting. */
export const WAITING = 30;
/** A network with few or no hidden units under-fits if its loss stays above this share of the loss of the best constant prediction. */
export const UNDERFITS = 0.85;
/**
 * The same share if a hidden layer has fewer units than log2(classes), so that the signs of its units cannot distinguish the classes. Measured on four tables of 4 to 11
 * classes: such networks end at 0.50 to 0.78, networks of 32 units at up to 0.23.
 */
export const UNDERFITS_CLASSES = 0.5;
/** The most units of a hidden layer with which a network counts as small. */
export const FEW_UNITS = 4;
/** Classes collapse if the predictions of all other classes are at most this share, and at most a tenth of what they should be. */
export const OTHERS = 0.02;
export const FOUND = 0.1;
/** The fewest rows of other classes that must have been seen. */
export const OTHERS_SEEN = 5;
/** The largest mean magnitude of an input column. LeCun et al. 1998, Efficient BackProp, section 4.3, recommend about 1. Unscaled iris has 1.2 to 5.8, digits ÷ 16 up to 0.8. */
export const UNSCALED = 10;
/** The largest root mean square of a column of a regression's targets; the inverse square is the lower limit. Beyond these, a network needs long to reach the targets. Targets that a pipeline scales are not judged. */
export const UNSCALED_TARGETS = 10;
/** If at least this share of the cells is zero, as in counts, words and categories, a column of zeros is normal. */
export const ZEROS = 0.2;
/** If at least this share of the columns has two values, a column of zeros is a category that does not occur in these rows. */
export const PAIRS = 0.4;
/** A run ended too early if the loss still fell by this factor in each of the last three epochs, while a quarter of the first loss, or of that of the best constant prediction, remained. Healthy runs that end above a quarter, such as the titanic's 0.77, are flat there. */
export const STILL_FALLING = 0.97;
export const LEFT = 0.25;
/** The same for a slow fall: in each of the last three epochs, and by this factor between the last five and the five before, while half remained. */
export const STILL_FALLING_SLOWLY = 0.97;
export const LEFT_SLOWLY = 0.5;
