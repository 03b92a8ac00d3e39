// The public surface of @sinapse/classic.

export type { Layout, LearnerCall, LearntArray } from './learner.ts';
export { Learner } from './learner.ts';
export { allLearners } from './all-learners.ts';
export type { LearnerMakers } from './files.ts';
export { encodeLearner, openLearner } from './files.ts';

// Neurons
export type { McCullochPitts, McCullochPittsOptions, ThresholdNeuron } from './neurons/mcculloch-pitts.ts';
export { LOGIC, mcCullochPitts } from './neurons/mcculloch-pitts.ts';
export type { Perceptron, PerceptronOptions, PerceptronOutcome, PerceptronTraining } from './neurons/perceptron.ts';
export { perceptron } from './neurons/perceptron.ts';
export type { Adaline, AdalineOptions } from './neurons/adaline.ts';
export { adaline } from './neurons/adaline.ts';
export type { LinearRegression, LinearRegressionOptions } from './neurons/linear-regression.ts';
export { linearRegression } from './neurons/linear-regression.ts';
export type { LogisticClassifier, LogisticClassifierOptions } from './neurons/logistic-classifier.ts';
export { logisticClassifier } from './neurons/logistic-classifier.ts';

// Clusters and components
export type { KMeans, KMeansOptions } from './clusters/k-means.ts';
export { kMeans } from './clusters/k-means.ts';
export type { Pca, PcaOptions } from './components/pca.ts';
export { pca } from './components/pca.ts';
export type { Oja, OjaOptions } from './components/oja.ts';
export { oja } from './components/oja.ts';

// Memories and maps
export type { Hopfield, HopfieldOptions } from './memory/hopfield.ts';
export { hopfield } from './memory/hopfield.ts';
export type { Topology } from './maps/grid.ts';
export type { SelfOrganisingMap, SelfOrganisingMapOptions } from './maps/self-organising-map.ts';
export { selfOrganisingMap } from './maps/self-organising-map.ts';

// Networks
export type { ExtremeLearningMachine, ExtremeLearningMachineOptions } from './networks/extreme-learning-machine.ts';
export { extremeLearningMachine } from './networks/extreme-learning-machine.ts';
export type { RbfNetwork, RbfNetworkOptions } from './networks/rbf-network.ts';
export { rbfNetwork } from './networks/rbf-network.ts';
export type { Gmdh, GmdhOptions, GmdhUnit } from './networks/gmdh.ts';
export { gmdh } from './networks/gmdh.ts';

// Boltzmann machines
export type { RestrictedBoltzmannMachine, RestrictedBoltzmannMachineOptions } from './boltzmann/restricted-boltzmann-machine.ts';
export { restrictedBoltzmannMachine } from './boltzmann/restricted-boltzmann-machine.ts';
export type { DeepBeliefNetwork, DeepBeliefNetworkOptions } from './boltzmann/deep-belief-network.ts';
export { deepBeliefNetwork } from './boltzmann/deep-belief-network.ts';

// Densities and pictures
export type { GaussianMixture, GaussianMixtureOptions } from './density/gaussian-mixture.ts';
export { gaussianMixture } from './density/gaussian-mixture.ts';
export type { Embedding, TsneOptions } from './embedding/tsne.ts';
export { tsne } from './embedding/tsne.ts';
