// Steps of recurrent networks: LSTM and GRU cells with their gradients, element by element.

import type { Kernel } from '@sinapse/core';
import { valuesOf } from './storage.ts';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Calls `step` for every element of a state [batch, units]: `at` is its place, `gate` that of its first gate's sum. */
function forEachUnit(shape: readonly number[], gates: number, step: (at: number, gate: number, units: number) => void): void {
  const [batch, units] = shape as [number, number];
  for (let row = 0; row < batch; row++) for (let u = 0; u < units; u++) step(row * units + u, row * gates * units + u, units);
}

export const lstmCell: Kernel<'lstmCell'> = ({ in: { gates, c }, out: { h, next } }) => {
  const [sums, memory, hTo, nextTo] = [valuesOf(gates), valuesOf(c), valuesOf(h), valuesOf(next)];
  forEachUnit(c.shape, 4, (at, gate, units) => {
    const sum = (index: number): number => sums[gates.offset + gate + index * units];
    const value = sigmoid(sum(1)) * memory[c.offset + at] + sigmoid(sum(0)) * Math.tanh(sum(2));
    nextTo[next.offset + at] = value;
    hTo[h.offset + at] = sigmoid(sum(3)) * Math.tanh(value);
  });
};

export const lstmCellGrad: Kernel<'lstmCellGrad'> = ({ in: { gates, c, dh, dnext }, out: { dgates, dc } }) => {
  const [sums, memory, hGrad, nextGrad] = [valuesOf(gates), valuesOf(c), valuesOf(dh), valuesOf(dnext)];
  const [to, memoryTo] = [valuesOf(dgates), valuesOf(dc)];
  forEachUnit(c.shape, 4, (at, gate, units) => {
    const sum = (index: number): number => sums[gates.offset + gate + index * units];
    const [i, f, g, o] = [sigmoid(sum(0)), sigmoid(sum(1)), Math.tanh(sum(2)), sigmoid(sum(3))];
    const before = memory[c.offset + at];
    const t = Math.tanh(f * before + i * g);
    const ofH = hGrad[dh.offset + at];
    const d = nextGrad[dnext.offset + at] + ofH * o * (1 - t * t);
    const results = [d * g * i * (1 - i), d * before * f * (1 - f), d * i * (1 - g * g), ofH * t * o * (1 - o)];
    results.forEach((value, index) => (to[dgates.offset + gate + index * units] = value));
    memoryTo[dc.offset + at] = d * f;
  });
};

export const gruCell: Kernel<'gruCell'> = ({ in: { x, hidden, h }, out: { next } }) => {
  const [xs, states, before, to] = [valuesOf(x), valuesOf(hidden), valuesOf(h), valuesOf(next)];
  forEachUnit(h.shape, 3, (at, gate, units) => {
    const ofX = (index: number): number => xs[x.offset + gate + index * units];
    const ofState = (index: number): number => states[hidden.offset + gate + index * units];
    const [r, z] = [sigmoid(ofX(0) + ofState(0)), sigmoid(ofX(1) + ofState(1))];
    const n = Math.tanh(ofX(2) + r * ofState(2));
    to[next.offset + at] = n + z * (before[h.offset + at] - n);
  });
};

export const gruCellGrad: Kernel<'gruCellGrad'> = ({ in: { x, hidden, h, dnext }, out: { dx, dhidden, dh } }) => {
  const [xs, states, before, nextGrad] = [valuesOf(x), valuesOf(hidden), valuesOf(h), valuesOf(dnext)];
  const [xTo, stateTo, to] = [valuesOf(dx), valuesOf(dhidden), valuesOf(dh)];
  forEachUnit(h.shape, 3, (at, gate, units) => {
    const ofX = (index: number): number => xs[x.offset + gate + index * units];
    const ofState = (index: number): number => states[hidden.offset + gate + index * units];
    const [r, z, s] = [sigmoid(ofX(0) + ofState(0)), sigmoid(ofX(1) + ofState(1)), ofState(2)];
    const n = Math.tanh(ofX(2) + r * s);
    const d = nextGrad[dnext.offset + at];
    const dn = d * (1 - z) * (1 - n * n);
    const results = [dn * s * r * (1 - r), d * (before[h.offset + at] - n) * z * (1 - z), dn];
    results.forEach((value, index) => {
      xTo[dx.offset + gate + index * units] = value;
      stateTo[dhidden.offset + gate + index * units] = index === 2 ? value * r : value;
    });
    to[dh.offset + at] = d * z;
  });
};
