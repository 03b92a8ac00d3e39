// Surfaces and the ways of optimizers down them, by core's ops and gradients and the package's optimizers. It runs in the worker and knows no page.

import type { Tensor } from '@sinapse/core';
import { Parameter, add, cos, hostNormal, mul, randomKey, scope, square, stack, sub, tensor, valueAndGrad } from '@sinapse/core';
import { adam, sgd } from '@sinapse/optimizers';
import type { SurfaceName, Walk, WalkerName } from './surfaces.ts';
import { MOMENTUM, STEPS, frames } from './surfaces.ts';

const surfaces: Readonly<Record<SurfaceName, (x: Tensor, y: Tensor) => Tensor>> = {
  bowl: (x, y) => add(square(x), square(y)),
  ravine: (x, y) => add(square(x), mul(square(y), 25)),
  saddle: (x, y) => add(sub(square(x), square(y)), mul(square(square(y)), 1 / 8)),
  rosenbrock: (x, y) => add(square(sub(1, x)), mul(square(sub(y, square(x))), 100)),
  minima: (x, y) => add(add(square(x), square(y)), mul(sub(sub(2, cos(mul(x, 4))), cos(mul(y, 4))), 3)),
};

/** Pixels of a side of the picture of a surface. */
const SIZE = 96;

/** Heights of a surface all over its frame. */
export interface Heights {
  readonly size: number;
  /** `[size, size]`, from the top left; y points up */
  readonly heights: Float32Array;
}

export async function heightsOf(name: SurfaceName): Promise<Heights> {
  const { reach } = frames[name];
  const at = Float32Array.from({ length: SIZE }, (_, pixel) => -reach + (2 * reach * (pixel + 0.5)) / SIZE);
  const { reading } = scope(() => {
    const [x, y] = [tensor(at, { shape: [1, SIZE] }), tensor(at.toReversed(), { shape: [SIZE, 1] })];
    return { reading: surfaces[name](x, y).data() };
  });
  return { size: SIZE, heights: Float32Array.from(await reading) };
}

/** `mean` is the form of some textbooks, W(t+1) = W(t) + α (W(t) − W(t−1)) − (1 − α) η g: momentum with a rate of (1 − α) η. */
const optimizers: Readonly<Record<WalkerName, (learningRate: number) => ReturnType<typeof sgd>>> = {
  sgd: (learningRate) => sgd({ learningRate }),
  momentum: (learningRate) => sgd({ learningRate, momentum: MOMENTUM }),
  mean: (learningRate) => sgd({ learningRate: (1 - MOMENTUM) * learningRate, momentum: MOMENTUM }),
  nesterov: (learningRate) => sgd({ learningRate, momentum: MOMENTUM, nesterov: true }),
  adam: (learningRate) => adam({ learningRate }),
};

/** Releases what an optimizer keeps of its parameters. */
function release(optimizer: ReturnType<typeof sgd>): void {
  const slots = Object.fromEntries(Object.keys(optimizer.state().slots).map((slot) => [slot, []]));
  optimizer.restore({ step: 0, slots });
}

/** The way of an optimizer. */
export interface Way {
  /** `[steps + 1, 2]`, from the start on */
  readonly places: Float32Array;
  /** `[steps + 1]` */
  readonly heights: Float32Array;
}

/** Lets an optimizer walk. It may leave the frame, and also the numbers: a way that diverges ends in NaN or infinity. */
export async function walk(name: WalkerName, { surface, start, rate, noise, seed }: Walk): Promise<Way> {
  const disturbances = hostNormal(randomKey(seed).fold('descent'), 2 * STEPS, 0, 1);
  const optimizer = optimizers[name](rate);
  const { places, heights } = scope(() => {
    const place = new Parameter(tensor([...start]));
    const heightAt = (at: Tensor) => surfaces[surface](at.slice([0]), at.slice([1]));
    const [visited, reached] = [[place.value], [heightAt(place.value)]];
    for (let i = 0; i < STEPS; i++) {
      const { gradients } = valueAndGrad(() => heightAt(place.value), [place]);
      const disturbed = noise > 0 ? add(gradients[0]!, mul(tensor(disturbances.slice(2 * i, 2 * i + 2)), noise)) : gradients[0]!;
      optimizer.step([place], [disturbed]);
      visited.push(place.value);
      reached.push(heightAt(place.value));
    }
    const all = { places: stack(visited).data(), heights: stack(reached).data() };
    place.dispose();
    release(optimizer);
    return all;
  });
  return { places: Float32Array.from(await places), heights: Float32Array.from(await heights) };
}
