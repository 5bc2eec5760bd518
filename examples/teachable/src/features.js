// Numbers of pictures: what a classifier can learn from.

/** Cells on each side of the small picture. */
export const SIDE = 16;
/** Cells that are left free around a drawing. */
const MARGIN = 1;

/** The drawing's ink in the middle of 16×16 cells, each between 0 and 1; undefined where there is none. `shift` moves it, in cells. */
export function drawingFeatures({ data, width, height }, [shiftX, shiftY] = [0, 0]) {
  const ink = (x, y) => data[(y * width + x) * 4 + 3];
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (ink(x, y) < 128) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  if (right < 0) return undefined;
  // Pixels in a cell: a dot is not blown up to fill the picture.
  const scale = Math.max(right - left + 1, bottom - top + 1, width / 4) / (SIDE - 2 * MARGIN);
  const [middleX, middleY] = [(left + right + 1) / 2, (top + bottom + 1) / 2];
  const cells = new Float32Array(SIDE * SIDE);
  for (let y = top; y <= bottom; y++)
    for (let x = left; x <= right; x++) {
      const column = Math.floor((x + 0.5 - middleX) / scale + SIDE / 2 + shiftX);
      const row = Math.floor((y + 0.5 - middleY) / scale + SIDE / 2 + shiftY);
      if (column >= 0 && row >= 0 && column < SIDE && row < SIDE)
        cells[row * SIDE + column] += ink(x, y) / 255 / (scale * scale);
    }
  return blurred(cells);
}

/** Each cell's mean with its neighbours, so that a line one cell to the side is not another picture. */
function blurred(cells) {
  const out = new Float32Array(cells.length);
  for (let row = 0; row < SIDE; row++)
    for (let column = 0; column < SIDE; column++) {
      let [sum, weights] = [0, 0];
      for (const [down, across, weight] of NEIGHBOURS) {
        const [r, c] = [row + down, column + across];
        if (r < 0 || c < 0 || r >= SIDE || c >= SIDE) continue;
        sum += weight * Math.min(1, cells[r * SIDE + c]);
        weights += weight;
      }
      out[row * SIDE + column] = sum / weights;
    }
  return out;
}
const NEIGHBOURS = [-1, 0, 1].flatMap((down) =>
  [-1, 0, 1].map((across) => [down, across, (2 - down * down) * (2 - across * across)]),
);

/** The colours of 16×16 pixels, and how much brightness changes to the right and downwards. */
export function cameraFeatures({ data }) {
  const count = SIDE * SIDE;
  const features = new Float32Array(count * 5);
  const grey = (cell) => (features[cell * 3] + features[cell * 3 + 1] + features[cell * 3 + 2]) / 3;
  for (let cell = 0; cell < count; cell++)
    for (let color = 0; color < 3; color++) features[cell * 3 + color] = data[cell * 4 + color] / 255;
  for (let cell = 0; cell < count; cell++) {
    const [row, column] = [Math.floor(cell / SIDE), cell % SIDE];
    features[count * 3 + cell] = column + 1 < SIDE ? Math.abs(grey(cell + 1) - grey(cell)) : 0;
    features[count * 4 + cell] = row + 1 < SIDE ? Math.abs(grey(cell + SIDE) - grey(cell)) : 0;
  }
  return features;
}
