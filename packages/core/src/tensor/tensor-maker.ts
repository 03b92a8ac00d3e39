import type { Maker } from './maker.ts';
import type { Tensor } from './tensor.ts';

/** What makes tensors on one backend. Any tensor does, on its own backend; for a backend there is `makerOn`. */
export type TensorMaker = Maker<Tensor>;
