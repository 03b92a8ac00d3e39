// The list of all learners that files hold, by the names of their functions.

import type { LearnerMakers } from './files.ts';
import { adaline } from './neurons/adaline.ts';
import { deepBeliefNetwork } from './boltzmann/deep-belief-network.ts';
import { extremeLearningMachine } from './networks/extreme-learning-machine.ts';
import { gaussianMixture } from './density/gaussian-mixture.ts';
import { gmdh } from './networks/gmdh.ts';
import { hopfield } from './memory/hopfield.ts';
import { kMeans } from './clusters/k-means.ts';
import { linearRegression } from './neurons/linear-regression.ts';
import { logisticClassifier } from './neurons/logistic-classifier.ts';
import { oja } from './components/oja.ts';
import { pca } from './components/pca.ts';
import { perceptron } from './neurons/perceptron.ts';
import { rbfNetwork } from './networks/rbf-network.ts';
import { restrictedBoltzmannMachine } from './boltzmann/restricted-boltzmann-machine.ts';
import { selfOrganisingMap } from './maps/self-organising-map.ts';

/** Every learner, for `openLearner`. A program that lists its own learners bundles only these. */
export const allLearners: LearnerMakers = {
  adaline,
  deepBeliefNetwork,
  extremeLearningMachine,
  gaussianMixture,
  gmdh,
  hopfield,
  kMeans,
  linearRegression,
  logisticClassifier,
  oja,
  pca,
  perceptron,
  rbfNetwork,
  restrictedBoltzmannMachine,
  selfOrganisingMap,
};
