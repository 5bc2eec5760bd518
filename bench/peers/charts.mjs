// The charts of RESULTS.md and the README, as SVG.
import * as echarts from 'echarts';
import { median } from './processes.mjs';

const colors = { simdense: ['#9a3412', '#ea580c', '#fbbf24'], torch: '#57534e', jax: '#0369a1' };
const others = ['#0284c7', '#0d9488', '#65a30d', '#7c3aed', '#be185d', '#a8a29e', '#78716c', '#d6d3d1'];
const font = { fontFamily: 'Arial, Helvetica, sans-serif' };

function render(name, option, width, height) {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ backgroundColor: '#ffffff', animation: false, textStyle: font, ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg.replace('>', `><title>${name}</title>`)}\n`;
}

/** A colour for each library: simdense's engines are one family. */
function colorOf(key, keys) {
  const engines = keys.filter((k) => /default|wide|relaxed/i.test(k));
  const own = engines.indexOf(key);
  if (own >= 0) return colors.simdense[own % colors.simdense.length];
  if (key === 'torch') return colors.torch;
  return others[keys.filter((k) => !engines.includes(k) && k !== 'torch').indexOf(key) % others.length];
}

/** A bar chart of the time of a step by workload and library, on a logarithmic scale. */
export function drawSteps(steps, keys, labels) {
  return render(
    'Time of one training step by workload and library',
    {
      title: {
        text: 'Time of one training step (Adam), one core; shorter is better',
        left: 12,
        top: 8,
        textStyle: { fontSize: 15, ...font },
      },
      legend: { bottom: 6, left: 12, right: 12, itemWidth: 12, itemHeight: 12, itemGap: 34 },
      grid: { left: 70, right: 16, top: 44, bottom: 120 },
      xAxis: {
        type: 'category',
        data: steps.map(({ workload, network }) => `${workload}\n${network}`),
        axisTick: { show: false },
      },
      yAxis: {
        type: 'log',
        min: 1,
        axisLabel: { formatter: (v) => (v >= 1e6 ? `${v / 1e6} s` : v >= 1e3 ? `${v / 1e3} ms` : `${v} µs`) },
      },
      series: keys.map((key) => ({
        name: labels[key],
        type: 'bar',
        itemStyle: { color: colorOf(key, keys) },
        data: steps.map(({ times }) => (times[key]?.length ? median(times[key]) : null)),
      })),
    },
    960,
    480,
  );
}

/** A chart of time over width, with a panel for each batch size. */
export function drawSizes({ points, machine }, labels) {
  const keys = Object.keys(machine.names);
  const batches = [...new Set(points.map(({ batch }) => batch))];
  const columns = 2;
  const [width, height] = [440, 240];
  const place = (i) => ({ left: 62 + (i % columns) * (width + 20), top: 62 + Math.floor(i / columns) * (height + 34) });
  const axis = { type: 'log', axisLabel: { fontSize: 10 }, minorSplitLine: { show: false } };
  return render(
    'Time of one training step over the width of a network and the rows of a batch',
    {
      title: [
        {
          text: 'Time of one step of w-w-w-10 over the width w',
          left: 12,
          top: 6,
          textStyle: { fontSize: 15, ...font },
        },
        ...batches.map((batch, i) => ({
          text: batch === 1 ? 'batch of 1 row' : `batch of ${batch} rows`,
          left: place(i).left + 8,
          top: place(i).top - 20,
          textStyle: { fontSize: 12, fontWeight: 'normal', ...font },
        })),
      ],
      legend: { bottom: 4, left: 12, data: keys.map((key) => labels[key]), itemWidth: 16, itemGap: 40 },
      grid: batches.map((_, i) => ({ ...place(i), width: width - 50, height: height - 40 })),
      xAxis: batches.map((_, i) => ({ ...axis, gridIndex: i, logBase: 2, min: 16, max: 2048 })),
      yAxis: batches.map((_, i) => ({
        ...axis,
        gridIndex: i,
        min: 1,
        max: 1e7,
        axisLabel: {
          fontSize: 10,
          formatter: (v) => (v >= 1e6 ? `${v / 1e6} s` : v >= 1e3 ? `${v / 1e3} ms` : `${v} µs`),
        },
      })),
      series: batches.flatMap((batch, i) =>
        keys.map((key) => ({
          name: labels[key],
          type: 'line',
          xAxisIndex: i,
          yAxisIndex: i,
          symbolSize: 4,
          lineStyle: { width: 1.6 },
          itemStyle: { color: colorOf(key, keys) },
          data: points
            .filter((p) => p.batch === batch && p.microseconds[key])
            .map((p) => [p.width, p.microseconds[key]]),
        })),
      ),
    },
    62 + columns * (width + 20),
    62 + 2 * (height + 34) + 40,
  );
}
