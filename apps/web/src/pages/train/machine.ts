// Trains a network, as the page asks. It runs in the worker and knows no page.

import { createOptimizer } from '@sinapse/optimizers';
import type { Callback } from '@sinapse/training';
import { fit } from '@sinapse/training';
import { failureOf } from '../../experiment/failure-of.ts';
import type { Failure } from '../../experiment/failure.ts';
import type { TrainData } from './data.ts';
import type { DroppedFile } from './files.ts';
import { dataFromFiles, looksLikeModel } from './files.ts';
import { Gate } from './gate.ts';
import { measure, regionsOf } from './measure.ts';
import type { TrainedNetwork } from './network.ts';
import { disposeNetwork } from './network.ts';
import type { Measured, Prepared, Regions, TrainReport, TrainState } from './report.ts';
import type { Session } from './session.ts';
import { fileSession, freshSession, modelFileOf, preparedOf, revived } from './session.ts';
import type { TrainSettings } from './settings.ts';
import { SpeedMeter } from './speed-meter.ts';

/** Milliseconds between two pictures of the regions. */
const BETWEEN_REGIONS = 120;

/** What the page gets for files that were taken. */
export interface Opened {
  readonly settings: TrainSettings;
  readonly prepared: Prepared;
}

export class TrainMachine {
  private readonly changed: () => void;
  private session: Session | undefined;
  /** What files stand in place of, until another training begins. */
  private aside: { readonly session: Session; readonly files: TrainData | undefined } | undefined;
  private files: TrainData | undefined;
  private readonly gate = new Gate();
  private readonly meter = new SpeedMeter();
  private abort = new AbortController();
  private running: Promise<void> | undefined;
  /** Whether the training, when it ends before its last epoch, tests the network as it is. */
  private testsAtEnd = false;
  /** Whether the user wants it to train: a training that a lost device ended then goes on by itself. */
  private wanted = false;

  private losses: number[] = [];
  private measured: Measured[] = [];
  private regions: Regions | undefined;
  private failure: Failure | undefined;

  /** @param changed called after each change of what `report` gives */
  constructor(changed: () => void) {
    this.changed = changed;
  }

  /** The network in its present state; undefined before `prepare`. */
  get current(): TrainedNetwork | undefined {
    return this.session?.network;
  }

  /**
   * Ends a training under way, and makes data and network anew.
   * @throws Refusal when the network does not take the data
   */
  async prepare(settings: TrainSettings): Promise<Prepared> {
    await this.end();
    this.wanted = false;
    return this.take(freshSession(settings, this.files));
  }

  private take(session: Session): Prepared {
    const before = this.session;
    this.session = session;
    if (before !== undefined && before.network !== session.network && before !== this.aside?.session) disposeNetwork(before.network.model);
    this.failure = this.regions = undefined;
    this.losses = [];
    this.measured = [];
    this.meter.clear();
    this.changed();
    return preparedOf(session);
  }

  /** Begins or goes on. After the last epoch it trains for as many again. After a failure it goes on from the last checkpoint. */
  play(): void {
    if (this.failure?.kind === 'diverged') return;
    this.wanted = true;
    this.gate.open();
    this.start();
  }

  pause(): void {
    this.wanted = false;
    this.gate.close();
    if (this.session?.state === 'running') this.to('paused');
  }

  /** Makes one step, and then waits. */
  step(): void {
    if (this.failure?.kind === 'diverged') return;
    this.wanted = false;
    this.gate.step();
    this.start();
    this.to('paused');
  }

  /** Ends the training under way, and tests the network as it is. `play` then goes on as if it had never ended. */
  async stop(): Promise<void> {
    this.wanted = false;
    if (this.running === undefined) return;
    this.testsAtEnd = true;
    await this.end();
  }

  /** After a device was lost: puts the network onto the backend in use, as it was at its last checkpoint. A training under way goes on. */
  async revive(): Promise<void> {
    await this.end();
    if (this.session === undefined) return;
    this.forgetAside();
    const { state } = this.session;
    this.take(revived(this.session));
    this.to(state === 'failed' ? 'stopped' : state);
    if (this.session.data.kind === 'points') this.regions = await regionsOf(this.session.network);
    if (this.wanted && state !== 'done') this.play();
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
    if (this.session !== undefined) this.session.state = state;
    this.changed();
  }

  private start(): void {
    const { session } = this;
    if (session === undefined) return;
    if (this.running === undefined) {
      if (session.state === 'done') session.epochs += session.settings.epochs;
      this.abort = new AbortController();
      this.testsAtEnd = false;
      this.running = this.run(session).finally(() => (this.running = undefined));
    }
    this.failure = undefined;
    this.to('running');
  }

  private async run(session: Session): Promise<void> {
    const { settings, network, data, sources } = session;
    const { optimizer, learningRate, seed } = settings;
    try {
      const { stopped, checkpoint } = await fit(network.model, sources.train, {
        optimizer: createOptimizer(optimizer, { learningRate }),
        loss: network.loss,
        seed,
        epochs: session.epochs,
        callbacks: [this.callback(session)],
        signal: this.abort.signal,
        ...(session.checkpoint && { resume: session.checkpoint }),
      });
      if (stopped !== 'finished') {
        session.checkpoint = await checkpoint();
        const { epoch, step } = session.checkpoint;
        const share = step / (sources.train.length ?? step);
        if (this.testsAtEnd) this.note(session, await measure(network, data, sources.test, epoch - 1 + share));
      }
      this.to(stopped === 'finished' ? 'done' : 'stopped');
    } catch (error) {
      this.failure = failureOf(error);
      this.to('failed');
    } finally {
      this.gate.close();
    }
  }

  private callback(session: Session): Callback {
    const { network, data, sources } = session;
    const { signal } = this.abort;
    let drawn = -Infinity;
    return {
      pausesAfter: () => !this.gate.isOpen || data.kind === 'points',
      onStart: async () => {
        if (data.kind === 'points') this.regions = await regionsOf(network);
        await this.gate.pass(signal);
      },
      onStep: async (info) => {
        session.info = info;
        this.losses.push(info.loss);
        this.meter.step(info.examples);
        if (data.kind === 'points' && (performance.now() - drawn > BETWEEN_REGIONS || !this.gate.isOpen)) {
          this.regions = await regionsOf(network);
          drawn = performance.now();
        }
        this.changed();
        await this.gate.pass(signal);
        this.meter.skip();
      },
      onEpoch: async ({ epoch }, running) => {
        const measured = await measure(network, data, sources.test, epoch);
        session.checkpoint = await running.checkpoint();
        this.note(session, measured);
        this.meter.clear();
      },
    };
  }

  private note(session: Session, measured: Measured): void {
    session.lastMeasured = measured;
    this.measured.push(measured);
    this.changed();
  }

  /** The state now, with the losses and measurements since the last report. */
  report(): TrainReport {
    const { session, failure } = this;
    const info = session?.info;
    const report: TrainReport = {
      session: session?.id ?? 0,
      state: session?.state ?? 'ready',
      epoch: info?.epoch ?? 0,
      epochs: session?.epochs ?? 0,
      globalStep: info?.globalStep ?? 0,
      losses: Float32Array.from(this.losses),
      meanLoss: info?.meanLoss ?? NaN,
      meanAccuracy: info?.meanAccuracy ?? NaN,
      ...this.meter.speed,
      measured: this.measured,
      ...(this.regions && { regions: this.regions }),
      ...(failure && { failure }),
    };
    this.losses = [];
    this.measured = [];
    this.regions = undefined; // its array now belongs to the page
    return report;
  }

  /** The network as the bytes of a model file, which the command line reads. */
  save(): Promise<Uint8Array<ArrayBuffer>> {
    return modelFileOf(this.session!);
  }

  /**
   * Takes files that someone dropped: a model file, which then stands in place of the network and is measured; or images and labels, which stand in
   * place of the data. What was there before is put aside.
   * @throws Refusal when they cannot be read or do not fit; nothing has changed then
   */
  async open(files: readonly DroppedFile[], settings: TrainSettings): Promise<Opened> {
    const [first] = files;
    if (first !== undefined && files.length === 1 && looksLikeModel(first)) {
      const session = fileSession(first, settings, this.files);
      const { network, data, sources } = session;
      const measured = await measure(network, data, sources.test, 0).catch((error: unknown) => {
        disposeNetwork(network.model);
        throw error;
      });
      const prepared = await this.putInPlace(session, this.files);
      this.note(session, measured);
      if (data.kind === 'points') this.regions = await regionsOf(network);
      return { settings: session.settings, prepared };
    }
    const data = await dataFromFiles(files);
    const next: TrainSettings = { ...settings, data: 'files', network: settings.data === 'files' ? settings.network : 'lenet5' };
    return { settings: next, prepared: await this.putInPlace(freshSession(next, data), data) };
  }

  private async putInPlace(session: Session, files: TrainData | undefined): Promise<Prepared> {
    await this.end();
    this.wanted = false;
    this.forgetAside();
    if (this.session !== undefined) this.aside = { session: this.session, files: this.files };
    this.files = files;
    return this.take(session);
  }

  /** Brings back what was put aside when files were opened; undefined if there is nothing. */
  async undo(): Promise<Opened | undefined> {
    await this.end();
    if (this.aside === undefined) return undefined;
    const { session, files } = this.aside;
    this.files = files;
    const prepared = this.take(session);
    this.aside = undefined;
    if (session.data.kind === 'points') this.regions = await regionsOf(session.network);
    return { settings: session.settings, prepared };
  }

  /** Releases what was put aside. */
  forgetAside(): void {
    if (this.aside !== undefined && this.aside.session !== this.session) disposeNetwork(this.aside.session.network.model);
    this.aside = undefined;
  }
}
