// A parameter or state of a model, and the tensor of another library's file that holds its values.

import type { Named, Parameter, Shape, State } from '@sinapse/core';

export interface StoredCell extends Named<Parameter | State> {
  /** The tensor's name in the file. */
  readonly name: string;
  /** The tensor's shape. */
  readonly shape: Shape;
  /** If the tensor has the values in PyTorch's order, `[out, in, ...spatial]`: the shape in ours, `[...spatial, in, out]`. */
  readonly kernel?: Shape;
  /** Whether the file may have the last two axes with other lengths of the same product: `[height, width, channels, multiplier]` of a depthwise kernel. */
  readonly mayDivide?: boolean;
  /** Where a tensor holds several cells, one after another: which of them this is, and how many there are. */
  readonly part?: { readonly index: number; readonly of: number };
}
