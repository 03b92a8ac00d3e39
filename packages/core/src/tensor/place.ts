import type { Maker } from './maker.ts';
import type { Tensor } from './tensor.ts';

/** Where results are made: beside a tensor, on its backend. A tensor is a place; so is a backend, through `placeOn`. */
export type Place = Maker<Tensor>;
