// A canvas to draw on: by pointer, or by the arrow keys.
import { drawingFeatures } from './features.js';

const PEN = 9;
/** Pixels that an arrow key moves the pen. */
const STEP = 6;
const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Drawing {
  #canvas;
  #context;
  #changed;
  #pen;
  #down = false;
  /** The next line begins a new drawing. */
  #finished = false;

  /** Calls `changed` when there is more or less ink, and `say` with what the keyboard does. */
  constructor(canvas, changed, say) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { willReadFrequently: true });
    this.#changed = changed;
    this.#pen = [canvas.width / 2, canvas.height / 2];
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#begin(this.#at(event));
    });
    canvas.addEventListener('pointermove', (event) => {
      if (canvas.hasPointerCapture(event.pointerId)) this.#lineTo(this.#at(event));
    });
    canvas.addEventListener('keydown', (event) => {
      const way = arrows[event.key];
      if (way) {
        const clamp = (value, most) => Math.min(most - 1, Math.max(0, value));
        const to = [
          clamp(this.#pen[0] + way[0] * STEP, canvas.width),
          clamp(this.#pen[1] + way[1] * STEP, canvas.height),
        ];
        if (this.#down) this.#lineTo(to);
        this.#pen = to;
      } else if (event.key === ' ') {
        if (event.repeat) return event.preventDefault();
        this.#down = !this.#down;
        if (this.#down) this.#begin(this.#pen);
        say(this.#down ? 'The pen is down.' : 'The pen is up.');
      } else if (event.key === 'Delete' || event.key === 'Backspace') this.clear();
      else return;
      event.preventDefault();
    });
    canvas.addEventListener('blur', () => {
      this.#down = false;
    });
  }

  #at({ clientX, clientY }) {
    const box = this.#canvas.getBoundingClientRect();
    return [
      ((clientX - box.left) / box.width) * this.#canvas.width,
      ((clientY - box.top) / box.height) * this.#canvas.height,
    ];
  }

  #begin(at) {
    if (this.#finished) this.clear();
    this.#pen = at;
    this.#lineTo(at);
  }

  #lineTo(to) {
    const context = this.#context;
    Object.assign(context, { lineWidth: PEN, lineCap: 'round', strokeStyle: '#000' });
    context.beginPath();
    context.moveTo(this.#pen[0], this.#pen[1]);
    context.lineTo(to[0], to[1]);
    context.stroke();
    this.#pen = to;
    this.#changed();
  }

  clear() {
    this.#finished = false;
    this.#context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#changed();
  }

  /** The drawing has been taught: it stays until the next one begins. */
  finish() {
    this.#finished = true;
  }

  features(shift) {
    return drawingFeatures(this.#context.getImageData(0, 0, this.#canvas.width, this.#canvas.height), shift);
  }
}
