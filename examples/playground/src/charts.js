// Lines by uPlot; the surface, histograms and images on canvases.
import uPlot from 'uplot';

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A chart of two lines over epochs, which keeps the width of its place. */
export function lineChart(place, format) {
  let plot;
  let values = [[], [], []];
  const make = () => {
    plot?.destroy();
    const axis = {
      stroke: css('--faint'),
      grid: { stroke: css('--line'), width: 1 },
      ticks: { stroke: css('--line') },
    };
    const series = (label, color) => ({
      label,
      stroke: css(color),
      width: 2,
      points: { show: false },
      value: (_, v) => (v == null ? '–' : format(v)),
    });
    plot = new uPlot(
      {
        width: place.clientWidth,
        height: 220,
        scales: { x: { time: false } },
        axes: [axis, { ...axis, size: 55 }],
        series: [{ label: 'epoch' }, series('training', '--accent'), series('validation', '--second')],
      },
      values,
      place,
    );
  };
  make();
  new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: 220 })).observe(place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', make);
  return (next) => {
    values = next;
    plot.setData(values);
  };
}

/** At most so many of many values, evenly spaced: a chart has no more pixels. */
export function thinned(values, most = 600) {
  if (values.length <= most) return values;
  return Array.from({ length: most }, (_, i) => values[Math.round((i * (values.length - 1)) / (most - 1))]);
}

const rgb = ([r, g, b]) => `rgb(${r} ${g} ${b})`;
const BLUE = [31, 95, 168];
const ORANGE = [200, 95, 30];

export function drawSurface(canvas, surface, points) {
  const context = canvas.getContext('2d');
  const { side, values } = surface;
  const image = new ImageData(side, side);
  for (const [i, p] of values.entries()) {
    // Light where it is unsure.
    const sure = Math.abs(p - 0.5) * 2;
    const color = p > 0.5 ? ORANGE : BLUE;
    for (let c = 0; c < 3; c++) image.data[i * 4 + c] = 255 - (255 - color[c]) * (0.12 + 0.5 * sure);
    image.data[i * 4 + 3] = 255;
  }
  const small = new OffscreenCanvas(side, side);
  small.getContext('2d').putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
  const place = (v) => ((v + 1.2) / 2.4) * canvas.width;
  for (const [x, y, label, held] of points) {
    context.beginPath();
    context.arc(place(x), canvas.height - place(y), 3.4, 0, 2 * Math.PI);
    context.fillStyle = rgb(label ? ORANGE : BLUE);
    context.fill();
    context.lineWidth = held ? 1.6 : 0.8;
    context.strokeStyle = held ? '#000' : '#fff';
    context.stroke();
  }
}

/** One histogram below the other, each from −limit to limit. */
export function drawHistograms(canvas, histograms) {
  const context = canvas.getContext('2d');
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  const each = height / Math.max(1, histograms.length);
  for (const [row, { layer, limit, counts }] of histograms.entries()) {
    const most = counts.reduce((a, b) => Math.max(a, b), 1);
    const bottom = (row + 1) * each - 4;
    context.fillStyle = css('--accent');
    for (const [i, count] of counts.entries()) {
      const tall = (count / most) * (each - 20);
      context.fillRect((i * width) / counts.length + 0.5, bottom - tall, width / counts.length - 1, tall);
    }
    context.fillStyle = css('--faint');
    context.font = '12px system-ui, sans-serif';
    context.fillText(`${layer}  ±${limit.toPrecision(2)}`, 2, row * each + 12);
  }
  const told = histograms.map(({ layer, limit }) => `${layer} within ±${limit.toPrecision(2)}`).join(', ');
  canvas.setAttribute('aria-label', `${canvas.id}: ${told || 'none yet'}`);
}

export function drawImage(canvas, pixels, side) {
  canvas.width = side;
  canvas.height = side;
  const image = new ImageData(side, side);
  for (const [i, value] of pixels.entries()) image.data.set([value * 255, value * 255, value * 255, 255], i * 4);
  canvas.getContext('2d').putImageData(image, 0, 0);
}
