// Optimizer steps, each over all parameters at once. `param` and `out.param` may be one place (core donates it): an element is read
// before it is written. `skip`, made on the device from the gradients, leaves everything as it was.

import type { Kernel, TypedArray, View } from '@sinapse/core';
import { copyRun } from './movement.ts';
import { valuesOf } from './storage.ts';

/** Whether the step is skipped; every output then is its input. */
function skipped(skip: View | undefined, pairs: readonly (readonly [from: readonly View[] | undefined, to: readonly View[]])[]): boolean {
  if (skip === undefined || valuesOf(skip)[skip.offset] === 0) return false;
  for (const [from, to] of pairs) {
    from?.forEach((view, i) => {
      if (view.storage !== to[i].storage) copyRun(valuesOf(view), view.offset, valuesOf(to[i]), to[i].offset, view.size);
    });
  }
  return true;
}

export const sgdStep: Kernel<'sgdStep'> = (call) => {
  const { param, grad, velocity, gradientScale: scale, skip } = call.in;
  const { out, attrs, scalars } = call;
  // prettier-ignore
  if (skipped(skip, [[param, out.param], [velocity, out.velocity]])) return;
  const { learningRate, weightDecay, momentum } = scalars;
  const gradientScale = scale === undefined ? 1 : valuesOf(scale)[scale.offset];
  for (let p = 0; p < param.length; p++) {
    const n = param[p].size;
    const w = valuesOf(param[p]);
    const wAt = param[p].offset;
    const g = valuesOf(grad[p]);
    const gAt = grad[p].offset;
    const newW = valuesOf(out.param[p]);
    const newWAt = out.param[p].offset;
    if (velocity === undefined) {
      for (let i = 0; i < n; i++) {
        const gradient = g[gAt + i] * gradientScale + weightDecay * w[wAt + i];
        newW[newWAt + i] = w[wAt + i] - learningRate * gradient;
      }
      continue;
    }
    const v = valuesOf(velocity[p]);
    const vAt = velocity[p].offset;
    const newV = valuesOf(out.velocity[p]);
    const newVAt = out.velocity[p].offset;
    for (let i = 0; i < n; i++) {
      const gradient = g[gAt + i] * gradientScale + weightDecay * w[wAt + i];
      const speed = momentum * v[vAt + i] + gradient;
      newW[newWAt + i] = w[wAt + i] - learningRate * (attrs.nesterov ? gradient + momentum * speed : speed);
      newV[newVAt + i] = speed;
    }
  }
};

/** Kingma and Ba 2015; decoupled: Loshchilov and Hutter 2019 (AdamW); maxV: Reddi et al. 2018 (AMSGrad). */
export const adamStep: Kernel<'adamStep'> = (call) => {
  const { param, grad, m, v, maxV, gradientScale: scale, skip } = call.in;
  const { out, scalars } = call;
  // prettier-ignore
  if (skipped(skip, [[param, out.param], [m, out.m], [v, out.v], [maxV, out.maxV]])) return;
  const gradientScale = scale === undefined ? 1 : valuesOf(scale)[scale.offset];
  const { learningRate, beta1, beta2, epsilon, correction1, correction2 } = scalars;
  const coupledDecay = call.attrs.decoupled ? 0 : scalars.weightDecay;
  const keep = call.attrs.decoupled ? 1 - learningRate * scalars.weightDecay : 1;
  for (let p = 0; p < param.length; p++) {
    const n = param[p].size;
    const w = valuesOf(param[p]);
    const wAt = param[p].offset;
    const g = valuesOf(grad[p]);
    const gAt = grad[p].offset;
    const first = valuesOf(m[p]);
    const firstAt = m[p].offset;
    const second = valuesOf(v[p]);
    const secondAt = v[p].offset;
    const newW = valuesOf(out.param[p]);
    const newWAt = out.param[p].offset;
    const newFirst = valuesOf(out.m[p]);
    const newFirstAt = out.m[p].offset;
    const newSecond = valuesOf(out.v[p]);
    const newSecondAt = out.v[p].offset;
    // Without maxV these stand in and are never read or written.
    const most: TypedArray = maxV === undefined ? second : valuesOf(maxV[p]);
    const mostAt = maxV === undefined ? 0 : maxV[p].offset;
    const newMost: TypedArray = maxV === undefined ? newSecond : valuesOf(out.maxV[p]);
    const newMostAt = maxV === undefined ? 0 : out.maxV[p].offset;
    for (let i = 0; i < n; i++) {
      const gradient = g[gAt + i] * gradientScale + coupledDecay * w[wAt + i];
      const mean = beta1 * first[firstAt + i] + (1 - beta1) * gradient;
      const variance = beta2 * second[secondAt + i] + (1 - beta2) * gradient * gradient;
      newFirst[newFirstAt + i] = mean;
      newSecond[newSecondAt + i] = variance;
      let scale = variance;
      if (maxV !== undefined) {
        scale = Math.max(most[mostAt + i], variance);
        newMost[newMostAt + i] = scale;
      }
      newW[newWAt + i] = keep * w[wAt + i] - (learningRate * (mean / correction1)) / (Math.sqrt(scale / correction2) + epsilon);
    }
  }
};
