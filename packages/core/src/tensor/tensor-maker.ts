import type { Maker } from './maker.ts';
import type { Tensor } from './tensor.ts';

/** Makes tensors on one backend. Every tensor is a maker for its backend; `makerOn` makes one for any backend. */
export type TensorMaker = Maker<Tensor>;
