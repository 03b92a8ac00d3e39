// A small fitted learner of every kind, and a call that shows what it has learnt.

import type { Tensor } from '@sinapse/core';
import { tensor } from '@sinapse/core';
import * as classic from '../src/index.ts';
import type { Hopfield, Learner } from '../src/index.ts';

interface FittedCase {
  readonly fit: () => Promise<Learner>;
  readonly use: (learner: Learner, x: Tensor) => Tensor | Promise<Tensor>;
  readonly x: () => Tensor;
}

const ROWS = [[0, 0.5], [1, 0.25], [0.25, 3], [2, 1], [3, 3], [1.5, 2]]; // prettier-ignore
const rows = (): Tensor => tensor(ROWS);
const bits = (): Tensor => tensor([[1, 0, 1, 1], [0, 0, 1, 0]]); // prettier-ignore
const GRID = Array.from({ length: 16 }, (_, i) => [i % 4, Math.floor(i / 4)]);
const grid = (): Tensor => tensor(GRID);
const curve = (): Tensor => tensor(GRID.map(([a, b]) => a! * b! - a!));
const signs = (): Tensor => tensor([[1, -1, 1, 1], [-1, -1, 1, -1]]); // prettier-ignore
const classes = (): Tensor => tensor(Int32Array.of(0, 0, 1, 0, 1, 1));
const targets = (): Tensor => tensor(ROWS.map(([a, b]) => 2 * a! - b!));

type Predicts = Learner & { predict(x: Tensor): Tensor | Promise<Tensor> };
type Transforms = Learner & { transform(x: Tensor): Tensor };
const predicts = (fit: () => Promise<Predicts>): FittedCase => ({ fit, use: (learner, x) => (learner as Predicts).predict(x), x: rows });
const transforms = (fit: () => Promise<Transforms>, x: () => Tensor = rows): FittedCase => ({
  fit,
  use: (learner, values) => (learner as Transforms).transform(values),
  x,
});

export const fittedCases: Readonly<Record<string, FittedCase>> = {
  adaline: predicts(() => classic.adaline({ epochs: 2 }).fit(rows(), classes())),
  deepBeliefNetwork: transforms(() => classic.deepBeliefNetwork({ units: [3, 2], epochs: 2 }).fit(bits()), bits),
  extremeLearningMachine: predicts(() => classic.extremeLearningMachine({ units: 5 }).fit(rows(), targets())),
  gaussianMixture: transforms(() => classic.gaussianMixture({ components: 2, regularisation: 0.01 }).fit(rows())),
  gmdh: predicts(() => classic.gmdh({ validation: 0.25, ridge: 1e-3 }).fit(grid(), curve())),
  hopfield: { fit: () => classic.hopfield().fit(signs()), use: (learner, x) => (learner as Hopfield).energy(x), x: signs },
  kMeans: transforms(() => classic.kMeans({ clusters: 2 }).fit(rows())),
  linearRegression: predicts(() => classic.linearRegression({ ridge: 0.1 }).fit(rows(), targets())),
  logisticClassifier: predicts(() => classic.logisticClassifier({ classes: 2, epochs: 2 }).fit(rows(), classes())),
  oja: transforms(() => classic.oja({ epochs: 3 }).fit(rows())),
  pca: transforms(() => classic.pca({ components: 2 }).fit(rows())),
  perceptron: predicts(() => classic.perceptron({ epochs: 5 }).fit(rows(), classes())),
  rbfNetwork: predicts(() => classic.rbfNetwork({ centres: 3, epochs: 2 }).fit(rows(), targets())),
  restrictedBoltzmannMachine: transforms(() => classic.restrictedBoltzmannMachine({ units: 3, epochs: 2 }).fit(bits()), bits),
  selfOrganisingMap: transforms(() => classic.selfOrganisingMap({ rows: 2, columns: 3, epochs: 3 }).fit(rows())),
};
