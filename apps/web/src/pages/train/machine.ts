// Trains a network, as the page asks. It runs in the worker and knows no page.

import { BackendLostError, OutOfMemoryError, SinapseError, formatShape, sameShape } from '@sinapse/core';
import { parsePreprocessing } from '@sinapse/datasets';
import { allLayers } from '@sinapse/layers';
import type { Sequential } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { createOptimizer } from '@sinapse/optimizers';
import type { Callback, Checkpoint, Json, Loss, StepInfo } from '@sinapse/training';
import { encodeModel, fit, openModel } from '@sinapse/training';
import { allModels, createModel } from '@sinapse/zoo';
import type { Sources, TrainData } from './data.ts';
import { digitPreprocessing, makeData, sourcesOf } from './data.ts';
import type { DroppedFile } from './files.ts';
import { dataFromFiles, looksLikeData } from './files.ts';
import { Gate } from './gate.ts';
import { measure, regionsOf } from './measure.ts';
import type { CheckedLayer, TrainedNetwork } from './network.ts';
import { checkLayers, disposeNetwork, layerRows, makeNetwork } from './network.ts';
import type { Measured, Prepared, Regions, TrainReport, TrainState } from './report.ts';
import { samplesOf } from './samples.ts';
import type { LayerSpec, TrainSettings } from './settings.ts';

/** Milliseconds between two pictures of the regions. */
const BETWEEN_REGIONS = 120;

/** Steps over which the speed is measured. */
const SPEED_WINDOW = 40;

export class TrainMachine {
  private readonly changed: () => void;
  private settings: TrainSettings | undefined;
  private data: TrainData | undefined;
  private files: TrainData | undefined;
  private sources: Sources | undefined;
  private network: (TrainedNetwork & { readonly loss: Loss }) | undefined;
  private readonly gate = new Gate();
  private abort = new AbortController();
  private running: Promise<void> | undefined;
  private checkpoint: Checkpoint | undefined;

  private state: TrainState = 'ready';
  private epochs = 0;
  private info: StepInfo | undefined;
  private losses: number[] = [];
  private measured: Measured[] = [];
  private lastMeasured: Measured | undefined;
  private regions: Regions | undefined;
  private problem: string | undefined;
  private deviceLost = false;
  private times: { readonly at: number; readonly examples: number }[] = [];

  /** @param changed called after each change of what `report` gives */
  constructor(changed: () => void) {
    this.changed = changed;
  }

  /** The network in its present state; undefined before `prepare`. */
  get current(): TrainedNetwork | undefined {
    return this.network;
  }

  /**
   * Ends a training under way, and makes data and network anew.
   * @throws SinapseError when the network does not take the data
   */
  async prepare(settings: TrainSettings): Promise<Prepared> {
    await this.end();
    this.data = makeData(settings.data, settings.seed, this.files);
    const images = this.data.kind === 'images';
    const shape = images ? sourcesOf(this.data, digitPreprocessing, 1, 0).inputShape : [2];
    const { classNames } = this.data;
    const { model, loss, scale } = makeNetwork(settings, shape, classNames.length);
    model.build(shape, settings.seed);
    return this.take(settings, {
      model,
      loss,
      classNames,
      inputShape: shape,
      preprocessing: scale === undefined ? digitPreprocessing : { scale },
    });
  }

  private take(settings: TrainSettings, network: TrainedNetwork & { readonly loss: Loss }): Prepared {
    if (this.network !== undefined) disposeNetwork(this.network.model);
    const data = this.data!;
    this.settings = settings;
    this.network = network;
    this.sources = sourcesOf(data, network.preprocessing, settings.batchSize, settings.seed);
    this.epochs = settings.epochs;
    this.clear();
    const rows = layerRows(network.model, network.inputShape);
    return {
      dataName: data.name,
      trainCount: data.train.labels.length,
      testCount: data.test.labels.length,
      inputShape: [...network.inputShape],
      classNames: network.classNames,
      layers: rows,
      parameters: rows.reduce((sum, { parameters }) => sum + parameters, 0),
      stepsPerEpoch: this.sources.train.length ?? 0,
      samples: samplesOf(data),
    };
  }

  private clear(): void {
    this.state = 'ready';
    this.checkpoint = this.info = this.regions = this.problem = this.lastMeasured = undefined;
    this.deviceLost = false;
    this.losses = [];
    this.measured = [];
    this.times = [];
    this.changed();
  }

  /** Checks one's own layers. */
  check(layers: readonly LayerSpec[], inputShape: readonly number[]): CheckedLayer[] {
    return checkLayers(layers, inputShape);
  }

  /** Begins or goes on. After the last epoch it trains for as many again. */
  play(): void {
    if (this.state === 'failed' && !this.deviceLost) return;
    this.gate.open();
    this.start();
  }

  pause(): void {
    this.gate.close();
    if (this.state === 'running') this.to('paused');
  }

  /** Makes one step, and then waits. */
  step(): void {
    if (this.state === 'failed') return;
    this.gate.step();
    this.start();
    this.to('paused');
  }

  /** After a device was lost: puts the same network onto the backend in use, and goes on from the end of the last epoch. */
  async revive(): Promise<void> {
    await this.end();
    if (this.network === undefined) return;
    const { model, inputShape } = this.network;
    disposeNetwork(model);
    model.build(inputShape, this.settings!.seed); // `fit` gives it the weights of the checkpoint
    this.play();
  }

  /** @param delay milliseconds before each step */
  setDelay(delay: number): void {
    this.gate.delay = delay;
  }

  /** Ends the training under way; the network keeps its weights. */
  async end(): Promise<void> {
    this.abort.abort();
    await this.running;
    this.gate.close();
  }

  private to(state: TrainState): void {
    this.state = state;
    this.changed();
  }

  private start(): void {
    if (this.running === undefined) {
      if (this.network === undefined) return;
      if (this.state === 'done') this.epochs += this.settings!.epochs;
      this.abort = new AbortController();
      this.running = this.run().finally(() => (this.running = undefined));
    }
    this.problem = undefined;
    this.deviceLost = false;
    this.to('running');
  }

  private async run(): Promise<void> {
    const { optimizer, learningRate, seed } = this.settings!;
    const { model, loss } = this.network!;
    try {
      const { stopped } = await fit(model, this.sources!.train, {
        optimizer: createOptimizer(optimizer, { learningRate }),
        loss,
        seed,
        epochs: this.epochs,
        callbacks: [this.callback()],
        signal: this.abort.signal,
        ...(this.checkpoint && { resume: this.checkpoint }),
      });
      this.to(stopped === 'finished' ? 'done' : 'ready');
    } catch (error) {
      this.deviceLost = error instanceof BackendLostError || error instanceof OutOfMemoryError;
      this.problem = error instanceof Error ? error.message : String(error);
      this.to('failed');
    }
  }

  private callback(): Callback {
    const { signal } = this.abort;
    let drawn = -Infinity;
    return {
      pausesAfter: () => !this.gate.isOpen || this.data!.kind === 'points',
      onStart: async () => {
        if (this.data!.kind === 'points') this.regions = await regionsOf(this.network!);
        await this.gate.pass(signal);
      },
      onStep: async (info) => {
        this.note(info);
        if (this.data!.kind === 'points' && (performance.now() - drawn > BETWEEN_REGIONS || !this.gate.isOpen)) {
          this.regions = await regionsOf(this.network!);
          drawn = performance.now();
        }
        this.changed();
        await this.gate.pass(signal);
        if (this.times.length > 0) this.times.push({ at: performance.now(), examples: this.times.pop()!.examples }); // without the pause
      },
      onEpoch: async ({ epoch }, session) => {
        this.lastMeasured = await measure(this.network!, this.data!, this.sources!.test, epoch);
        this.measured.push(this.lastMeasured);
        this.checkpoint = await session.checkpoint();
        this.times = [];
        this.changed();
      },
    };
  }

  private note(info: StepInfo): void {
    this.info = info;
    this.losses.push(info.loss);
    this.times.push({ at: performance.now(), examples: info.examples });
    if (this.times.length > SPEED_WINDOW) this.times.shift();
  }

  /** The state now, with the losses and measurements since the last report. */
  report(): TrainReport {
    const { info, times } = this;
    const [first, last] = [times[0], times.at(-1)];
    const seconds = first === undefined || last === undefined ? 0 : (last.at - first.at) / 1000;
    const report: TrainReport = {
      state: this.state,
      epoch: info?.epoch ?? 0,
      epochs: this.epochs,
      globalStep: info?.globalStep ?? 0,
      losses: Float32Array.from(this.losses),
      meanLoss: info?.meanLoss ?? NaN,
      meanAccuracy: info?.meanAccuracy ?? NaN,
      examplesPerSecond: seconds > 0 ? (last!.examples - first!.examples) / seconds : NaN,
      millisecondsPerStep: seconds > 0 ? (1000 * seconds) / (times.length - 1) : NaN,
      measured: this.measured,
      deviceLost: this.deviceLost,
      ...(this.regions && { regions: this.regions }),
      ...(this.problem !== undefined && { problem: this.problem }),
    };
    this.losses = [];
    this.measured = [];
    this.regions = undefined; // its array now belongs to the page
    return report;
  }

  /** The network as the bytes of a model file, which the command line reads. */
  async save(): Promise<Uint8Array<ArrayBuffer>> {
    const { model, inputShape, classNames, preprocessing } = this.network!;
    const { data, lastMeasured } = this;
    return encodeModel(model, {
      inputShape,
      labels: classNames,
      trainedOn: data!.name,
      ...(data!.kind === 'images' && { preprocessing: preprocessing as unknown as Json }),
      ...(lastMeasured && { metrics: { valAccuracy: lastMeasured.accuracy } }),
    });
  }

  /**
   * Takes files that someone dropped: a model file, which then stands in place of the network and is measured; or images and labels, which stand in
   * place of the data.
   * @throws SinapseError, TrainingError, FormatError when they cannot be read or do not fit; nothing has changed then
   */
  async open(
    files: readonly DroppedFile[],
    settings: TrainSettings,
  ): Promise<{ readonly settings: TrainSettings; readonly prepared: Prepared }> {
    const [first] = files;
    if (first !== undefined && files.length === 1 && !looksLikeData(first)) return this.openModelFile(first, settings);
    this.files = await dataFromFiles(files);
    const next: TrainSettings = { ...settings, data: 'files', network: settings.data === 'files' ? settings.network : 'lenet5' };
    return { settings: next, prepared: await this.prepare(next) };
  }

  private async openModelFile(file: DroppedFile, settings: TrainSettings): Promise<{ settings: TrainSettings; prepared: Prepared }> {
    const { model, inputShape, outputShape, card } = openModel(file.bytes, { ...allLayers, ...allModels });
    const classNames = card.labels ?? Array.from({ length: outputShape[0] ?? 1 }, (_, i) => String(i));
    const { architecture } = card;
    const zoo = architecture !== null && architecture.layer in allModels;
    const { loss = softmaxCrossEntropy } = zoo ? createModel(architecture.layer, architecture.arguments[0] as Record<string, unknown>) : {};
    await this.end();
    const points = inputShape.length === 1;
    const name = points ? (settings.data === 'spirals' ? 'spirals' : 'xor') : settings.data === 'files' ? 'files' : 'digits';
    const data = makeData(name, settings.seed, this.files);
    const preprocessing = card.preprocessing === undefined ? { scale: 1 / 255 } : parsePreprocessing(card.preprocessing);
    const network = { model: model as unknown as Sequential, loss, inputShape, classNames, preprocessing };
    const measured = await this.tryOut(network, data, settings);
    this.data = data;
    const next: TrainSettings = { ...settings, data: name, network: 'file' };
    const prepared = this.take(next, network);
    this.measured.push((this.lastMeasured = measured));
    if (points) this.regions = await regionsOf(network);
    this.changed();
    return { settings: next, prepared };
  }

  /** Measures a network that comes from a file. If it does not fit the data, its weights are released. */
  private async tryOut(
    network: TrainedNetwork & { readonly loss: Loss },
    data: TrainData,
    { batchSize, seed }: TrainSettings,
  ): Promise<Measured> {
    try {
      const { inputShape, test } = sourcesOf(data, network.preprocessing, batchSize, seed);
      if (!sameShape(inputShape, network.inputShape))
        throw new SinapseError(`the network takes ${formatShape(network.inputShape)}, the data has ${formatShape(inputShape)}`);
      return await measure(network, data, test, 0);
    } catch (error) {
      disposeNetwork(network.model);
      throw error;
    }
  }
}
