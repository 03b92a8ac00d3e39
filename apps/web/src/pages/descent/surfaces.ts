// The surfaces to descend, and the optimizers that descend, as plain data.

export const surfaceNames = ['bowl', 'ravine', 'saddle', 'rosenbrock', 'minima'] as const;
export type SurfaceName = (typeof surfaceNames)[number];

export type Place = readonly [x: number, y: number];

/** What the page shows of a surface. */
export interface Frame {
  /** Both coordinates lie within [-reach, reach]. */
  readonly reach: number;
  /** Where it begins. */
  readonly start: Place;
  /** Where the surface is lowest. The saddle is as low at the opposite place. */
  readonly lowest: Place;
  /** A learning rate with which plain descent arrives. */
  readonly rate: number;
}

export const frames: Readonly<Record<SurfaceName, Frame>> = {
  bowl: { reach: 2, start: [-1.6, 1.4], lowest: [0, 0], rate: 0.1 },
  ravine: { reach: 2, start: [-1.8, 0.9], lowest: [0, 0], rate: 0.03 },
  saddle: { reach: 2.6, start: [-2, 0.01], lowest: [0, 2], rate: 0.05 },
  rosenbrock: { reach: 2, start: [-1.4, 1.6], lowest: [1, 1], rate: 0.001 },
  minima: { reach: 3, start: [-2.2, 1.9], lowest: [0, 0], rate: 0.01 },
};

/** How each surface is written. */
export const formulas: Readonly<Record<SurfaceName, string>> = {
  bowl: 'x² + y²',
  ravine: 'x² + 25 y²',
  saddle: 'x² − y² + y⁴ / 8',
  rosenbrock: '(1 − x)² + 100 (y − x²)²',
  minima: 'x² + y² + 3 (2 − cos 4x − cos 4y)',
};

export const walkerNames = ['sgd', 'momentum', 'mean', 'nesterov', 'adam'] as const;
export type WalkerName = (typeof walkerNames)[number];

/** What is kept of the last step's velocity, and of the last mean. */
export const MOMENTUM = 0.9;

/** How far a walk goes. */
export const STEPS = 200;

export interface Walk {
  readonly surface: SurfaceName;
  readonly start: Place;
  readonly rate: number;
  /** The standard deviation of what is added to each gradient, as small batches do. */
  readonly noise: number;
  readonly seed: number;
}
