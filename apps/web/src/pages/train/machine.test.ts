// The machine of the page "train": it trains, waits, steps, stops, saves, opens, and goes on after what goes wrong.

import { cpu } from '@sinapse/backend-cpu';
import { double } from '@sinapse/backend-testkit';
import { use } from '@sinapse/core';
import { decodeModel } from '@sinapse/training';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TrainMachine } from './machine.ts';
import type { Measured, TrainReport } from './report.ts';
import type { TrainSettings } from './settings.ts';
import { defaultsFor } from './settings.ts';

beforeAll(async () => void use(await cpu()));

/** A machine, with all that it has reported. */
class Watched {
  readonly losses: number[] = [];
  readonly measured: Measured[] = [];
  last!: TrainReport;
  private readonly waiting = new Set<() => void>();
  readonly machine = new TrainMachine(() => queueMicrotask(() => this.take()));

  private take(): void {
    this.last = this.machine.report();
    this.losses.push(...this.last.losses);
    this.measured.push(...this.last.measured);
    for (const wake of this.waiting) wake();
  }

  async until(reached: (report: TrainReport) => boolean): Promise<void> {
    while (this.last === undefined || !reached(this.last))
      await new Promise<void>((resolve) => {
        this.waiting.add(resolve);
      });
  }
}

const xor: TrainSettings = { ...defaultsFor('xor'), epochs: 30 };

describe('the machine', () => {
  let watched: Watched;
  beforeEach(() => void (watched = new Watched()));

  test('solves XOR with the settings that the page begins with', async () => {
    const { layers, stepsPerEpoch, samples } = await watched.machine.prepare(xor);
    expect(layers.map(({ shape }) => shape)).toEqual([[8], [8], [2]]);
    expect(samples).toMatchObject({ kind: 'points' });
    watched.machine.play();
    await watched.until(({ state }) => state === 'done');
    expect(watched.losses).toHaveLength(30 * stepsPerEpoch);
    expect(watched.measured.at(-1)!.accuracy).toBeGreaterThan(0.95);
  });

  test('separates the spirals with the settings that the page begins with', async () => {
    const settings = defaultsFor('spirals');
    await watched.machine.prepare(settings);
    watched.machine.play();
    await watched.until(({ state }) => state === 'done');
    expect(Math.max(...watched.measured.map(({ accuracy }) => accuracy))).toBeGreaterThan(0.95);
  });

  test('makes single steps, waits between them, and goes on to the bits of a training without waiting', async () => {
    const { machine } = watched;
    const settings = { ...xor, epochs: 1 };
    await machine.prepare(settings);
    for (const step of [1, 2, 3]) {
      machine.step();
      await watched.until(({ globalStep }) => globalStep === step);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(watched.last.globalStep).toBe(step);
    }
    machine.play();
    await watched.until(({ state }) => state === 'done');
    const other = new Watched();
    await other.machine.prepare(settings);
    other.machine.play();
    await other.until(({ state }) => state === 'done');
    expect(watched.losses).toEqual(other.losses);
    expect(watched.measured).toEqual(other.measured);
  });

  test('pauses, ends, and begins anew', async () => {
    const { machine } = watched;
    await machine.prepare(xor);
    machine.play();
    await watched.until(({ globalStep }) => globalStep >= 5);
    machine.pause();
    expect(machine.report().state).toBe('paused');
    await machine.end();
    await machine.prepare({ ...xor, seed: 2 });
    expect(machine.report()).toMatchObject({ state: 'ready', globalStep: 0 });
  });

  test('trains on after the last epoch', async () => {
    const { machine } = watched;
    await machine.prepare({ ...xor, epochs: 1 });
    machine.play();
    await watched.until(({ state }) => state === 'done');
    machine.play();
    await watched.until(({ state, epoch }) => state === 'done' && epoch === 2);
    expect(watched.measured.map(({ epoch }) => epoch)).toEqual([1, 2]);
  });

  test('says why a training failed: one that diverges', async () => {
    const { machine } = watched;
    await machine.prepare({ ...xor, optimizer: 'sgd', learningRate: 1e38 });
    machine.play();
    await watched.until(({ state }) => state === 'failed');
    expect(watched.last.failure).toMatchObject({ kind: 'diverged', detail: expect.stringMatching(/not finite|is NaN|is Infinity/) });
    machine.play();
    expect(machine.report().state).toBe('failed');
  });

  test('goes on from the last epoch on another backend after a device was lost', async () => {
    const { machine } = watched;
    const device = double();
    use(device);
    await machine.prepare({ ...xor, epochs: 3, seed: 5 });
    machine.play();
    await watched.until(() => watched.measured.length >= 1);
    device.lose();
    await watched.until(({ state }) => state === 'failed');
    expect(watched.last.failure!.kind).toBe('deviceLost');
    const { session } = watched.last;
    await machine.end(); // as the worker does before it opens another backend
    use(await cpu());
    await machine.revive();
    expect(watched.last.session).toBe(session);
    await watched.until(({ state }) => state === 'done');
    expect(watched.measured.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(watched.measured.at(-1)!.loss).toBeLessThan(watched.measured[0]!.loss);
  });

  test.each(['paused', 'done'] as const)(
    'brings a network that was %s onto another backend as it was, and does not train',
    async (state) => {
      const { machine } = watched;
      const device = double();
      use(device);
      await machine.prepare({ ...xor, epochs: 1 });
      machine.play();
      await watched.until((report) => report.state === 'done');
      if (state === 'paused') {
        machine.step();
        await watched.until(({ globalStep }) => globalStep === 14);
      }
      device.lose();
      await machine.end();
      use(await cpu());
      await machine.revive();
      expect(machine.report().state).toBe(state === 'paused' ? 'stopped' : 'done');
      const { card } = decodeModel(await machine.save());
      expect(card.metrics!['valAccuracy']).toBe(watched.measured[0]!.accuracy);
      machine.play();
      await watched.until(({ epoch, state: now }) => epoch === 2 && now === 'done');
      expect(watched.measured.map(({ epoch }) => epoch)).toEqual([1, 2]);
    },
  );

  test('a network from a file comes onto another backend with the weights of its file', async () => {
    const { machine } = watched;
    await machine.prepare({ ...xor, epochs: 5 });
    machine.play();
    await watched.until(({ state }) => state === 'done');
    const bytes = await machine.save();
    const other = new Watched();
    const device = double();
    use(device);
    await other.machine.open([{ name: 'model.safetensors', bytes }], xor);
    device.lose();
    use(await cpu());
    await other.machine.revive();
    const [first, second] = [decodeModel(bytes), decodeModel(await other.machine.save())];
    expect([...second.arrays]).toEqual([...first.arrays]);
  });

  test('says when memory runs out, and goes on from the last epoch', async () => {
    const { machine } = watched;
    use(double({ outOfMemoryAfter: 900 }));
    await machine.prepare({ ...xor, epochs: 2 });
    machine.play();
    await watched.until(({ state }) => state === 'failed');
    expect(watched.last.failure).toMatchObject({ kind: 'outOfMemory', megabytes: 1 });
    machine.play();
    await watched.until(({ state }) => state === 'done');
    expect(watched.measured.map(({ epoch }) => epoch)).toEqual([1, 2]);
    use(await cpu());
  });

  test('says when a shader does not compile, and goes on', async () => {
    const { machine } = watched;
    const device = double();
    use(device);
    await machine.prepare({ ...xor, epochs: 2 });
    machine.play();
    await watched.until(({ globalStep }) => globalStep >= 2);
    device.failNext('the shader does not compile');
    await watched.until(({ state }) => state === 'failed');
    expect(watched.last.failure).toMatchObject({ kind: 'shader' });
    machine.play();
    await watched.until(({ state }) => state === 'done');
    use(await cpu());
  });

  test('stops between two epochs, tests the network as it is, and goes on to the bits of a training without a stop', async () => {
    const { machine } = watched;
    const settings = { ...xor, epochs: 2 };
    await machine.prepare(settings);
    machine.play();
    await watched.until(({ globalStep }) => globalStep >= 3);
    await machine.stop();
    await watched.until(({ state }) => state === 'stopped');
    const steps = watched.losses.length;
    expect(watched.measured.at(-1)!.epoch).toBeCloseTo(steps / 13, 10);
    machine.play();
    await watched.until(({ state }) => state === 'done');
    const other = new Watched();
    await other.machine.prepare(settings);
    other.machine.play();
    await other.until(({ state }) => state === 'done');
    expect(watched.losses).toEqual(other.losses);
    expect(watched.measured.filter(({ epoch }) => epoch % 1 === 0)).toEqual(other.measured);
  });

  test('keeps the network that a file stands in place of, with its weights, and brings it back', async () => {
    const { machine } = watched;
    await machine.prepare({ ...xor, epochs: 5 });
    machine.play();
    await watched.until(({ state }) => state === 'done');
    const { session } = watched.last;
    const bytes = await machine.save();
    await machine.prepare({ ...xor, seed: 9 });
    machine.play();
    await watched.until((report) => report.globalStep >= 3 && report.session !== session);
    const own = watched.last.session;
    await machine.open([{ name: 'model.safetensors', bytes }], xor);
    expect(machine.report().session).not.toBe(own);
    const back = (await machine.undo())!;
    expect(back.settings.seed).toBe(9);
    expect(machine.report()).toMatchObject({ session: own, state: 'stopped' });
    machine.play();
    await watched.until(({ state }) => state === 'done');
    const other = new Watched();
    await other.machine.prepare({ ...xor, seed: 9 });
    other.machine.play();
    await other.until(({ state }) => state === 'done');
    expect(watched.measured.at(-1)).toEqual(other.measured.at(-1));
    expect(await machine.undo()).toBeUndefined();
  });

  test('saves a model file, and opens it with the same results', async () => {
    const { machine } = watched;
    await machine.prepare({ ...xor, epochs: 10 });
    machine.play();
    await watched.until(({ state }) => state === 'done');
    const bytes = await machine.save();
    expect(decodeModel(bytes).card).toMatchObject({ inputShape: [2], labels: ['A', 'B'], trainedOn: 'xor' });
    const other = new Watched();
    const { settings } = await other.machine.open([{ name: 'model.safetensors', bytes }], xor);
    expect(settings).toMatchObject({ data: 'xor', network: 'file' });
    await other.until(() => other.measured.length > 0);
    expect(other.measured[0]).toEqual({ ...watched.measured.at(-1)!, epoch: 0 });
  });
});
