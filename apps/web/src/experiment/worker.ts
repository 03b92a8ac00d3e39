// The worker, in which everything is computed. The page calls its functions by Comlink.

import type { ProxyMarked } from 'comlink';
import { expose } from 'comlink';
import { digits } from '@sinapse/datasets';
import { convolve } from '../pages/convolution/machine.ts';
import type { Convolution } from '../pages/convolution/machine.ts';
import { heightsOf, walk } from '../pages/descent/machine.ts';
import type { SurfaceName, Walk, WalkerName } from '../pages/descent/surfaces.ts';
import type { Ink } from '../pages/draw/digit-image.ts';
import { look } from '../pages/draw/machine.ts';
import type { FunctionName } from '../pages/functions/functions.ts';
import { curveAt, curveOf, soften } from '../pages/functions/machine.ts';
import { clouds, show, teach } from '../pages/neuron/machine.ts';
import type { Example, Neuron } from '../pages/neuron/neuron.ts';
import { checkLayers } from '../pages/train/network.ts';
import { TrainMachine } from '../pages/train/machine.ts';
import type { DroppedFile } from '../pages/train/files.ts';
import type { TrainReport } from '../pages/train/report.ts';
import type { LayerSpec, TrainSettings } from '../pages/train/settings.ts';
import { answering } from './answer.ts';
import type { BackendName } from './backend-names.ts';
import { listBackends, openBackend } from './backends.ts';
import type { Failure } from './failure.ts';
import { frames } from './frames.ts';

type Send<T> = ((message: T) => Promise<void>) & ProxyMarked;

let sendTraining: Send<TrainReport> | undefined;
let sendLoss: Send<Failure> | undefined;
const training = new TrainMachine(
  frames(
    () => training.report(),
    async (report) => sendTraining?.(report),
  ),
);

const functions = {
  backends: listBackends,
  /** Ends what is computed, and goes on with another backend. */
  async useBackend(name: BackendName) {
    await training.end();
    training.forgetAside();
    return openBackend(name, (failure) => void sendLoss?.(failure));
  },
  onLost: (send: Send<Failure>): void => void (sendLoss = send),

  onTraining: (send: Send<TrainReport>): void => void (sendTraining = send),
  prepare: (settings: TrainSettings) => training.prepare(settings),
  checkLayers: (layers: readonly LayerSpec[], inputShape: readonly number[]) => checkLayers(layers, inputShape),
  play: () => training.play(),
  pause: () => training.pause(),
  step: () => training.step(),
  stop: () => training.stop(),
  revive: () => training.revive(),
  setDelay: (milliseconds: number) => training.setDelay(milliseconds),
  save: () => training.save(),
  open: (files: readonly DroppedFile[], settings: TrainSettings) => training.open(files, settings),
  undo: () => training.undo(),

  /** Shows a drawing to the network of the training, in its present state. */
  look: async (ink: Ink) => training.current && look(training.current, ink),

  showNeuron: (neuron: Neuron, examples: readonly Example[]) => show(neuron, examples),
  teachNeuron: (neuron: Neuron, example: Example, rate: number) => teach(neuron, example, rate),
  clouds: (seed: number) => clouds(seed),

  curveOf: (name: FunctionName) => curveOf(name),
  curveAt: (name: FunctionName, places: readonly number[]) => curveAt(name, places),
  soften: (scores: readonly number[], target: number) => soften(scores, target),

  heightsOf: (surface: SurfaceName) => heightsOf(surface),
  walk: (name: WalkerName, what: Walk) => walk(name, what),

  convolve: (what: Convolution) => convolve(what),
  /** A drawn digit, `[28, 28]`, 0 to 255. */
  digit: (seed: number) => digits({ count: 1, seed }).images,
};

export type Laboratory = typeof functions;

// A promise that nobody waits for must not fail in silence: the page hears of it as of any error here.
addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  reportError(event.reason);
});

expose(answering(functions));
