// The worker, in which everything is computed. The page calls its functions by Comlink.

import type { ProxyMarked } from 'comlink';
import { expose } from 'comlink';
import { digits } from '@sinapse/datasets';
import { convolve } from '../pages/convolution/machine.ts';
import type { Convolution } from '../pages/convolution/machine.ts';
import type { Ink } from '../pages/draw/digit-image.ts';
import { look } from '../pages/draw/machine.ts';
import { TrainMachine } from '../pages/train/machine.ts';
import type { DroppedFile } from '../pages/train/files.ts';
import type { TrainReport } from '../pages/train/report.ts';
import type { LayerSpec, TrainSettings } from '../pages/train/settings.ts';
import type { BackendName } from './backends.ts';
import { listBackends, openBackend } from './backends.ts';
import { frames, transferred } from './frames.ts';

type Send<T> = ((message: T) => Promise<void>) & ProxyMarked;

let sendTraining: Send<TrainReport> | undefined;
const training = new TrainMachine(
  frames(
    () => training.report(),
    async (report) => sendTraining?.(report),
  ),
);

const laboratory = {
  backends: listBackends,
  /** Ends what is computed, and goes on with another backend. */
  async useBackend(name: BackendName) {
    await training.end();
    return openBackend(name);
  },

  onTraining: (send: Send<TrainReport>): void => void (sendTraining = send),
  prepare: async (settings: TrainSettings) => transferred(await training.prepare(settings)),
  checkLayers: (layers: readonly LayerSpec[], inputShape: readonly number[]) => training.check(layers, inputShape),
  play: () => training.play(),
  pause: () => training.pause(),
  step: () => training.step(),
  stop: () => training.end(),
  revive: () => training.revive(),
  setDelay: (milliseconds: number) => training.setDelay(milliseconds),
  save: async () => transferred(await training.save()),
  open: async (files: readonly DroppedFile[], settings: TrainSettings) => transferred(await training.open(files, settings)),

  /** Shows a drawing to the network of the training, in its present state. */
  look: async (ink: Ink) => {
    const network = training.current;
    return network && transferred(await look(network, ink));
  },

  convolve: async (what: Convolution) => transferred(await convolve(what)),
  /** A drawn digit, `[28, 28]`, 0 to 255. */
  digit: (seed: number) => transferred(digits({ count: 1, seed }).images),
};

export type Laboratory = typeof laboratory;

expose(laboratory);
