// Which dense layers read a flattened image. A file in PyTorch's layout has their inputs in another order: channels come before height and width there.

import type { Model, Shape, Tensor } from '@sinapse/core';
import { Context, Parameter, isTensor, meta, scope, walk, withBackend, zeros } from '@sinapse/core';

/**
 * The shape `[height, width, channels]` of the image that a dense layer reads as one row, by the layer's path. The model is called on `meta()`, as in
 * training, so that heads which only training uses are seen too.
 * @param inputShape the model's input, without the batch axis
 */
export function flattenedInputs(model: Model, inputShape: Shape): ReadonlyMap<string, Shape> {
  const images = new Map<string, Shape>();
  let last: Shape | undefined; // the image that was flattened last, until a layer reads it
  const observe = (path: string, layer: object, input: unknown): void => {
    const type = 'type' in layer ? layer.type : undefined;
    if (type === 'flatten' && isTensor(input) && input.rank === 4) last = input.shape.slice(1);
    if (type !== 'dense' || last === undefined) return;
    if ((input as Tensor).shape.at(-1) === last[0]! * last[1]! * last[2]! && last[0]! * last[1]! > 1) images.set(path, last);
    last = undefined;
  };
  const cells = walk(model).map(({ cell }) => cell);
  withBackend(meta(), () =>
    scope(() => {
      const context = new Context({ training: true, seed: 0, observe });
      const shapes = cells.map((cell) => zeros(cell.shape, cell.dtype));
      // Two examples, as batch normalisation needs more than one value for each channel.
      Parameter.substitute(cells, shapes, () => model.call(zeros([2, ...inputShape]), context));
      context.discard();
    }),
  );
  return images;
}
