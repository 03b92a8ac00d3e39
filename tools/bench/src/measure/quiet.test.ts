import { expect, test } from 'vitest';
import { busySeconds, quiet } from './quiet.ts';

/** Simulated processors with their own clock; `share` of one processor is busy until `until` milliseconds. */
function processors(share: number, until: number) {
  let now = 0;
  return {
    busy: () => (share * Math.min(now, until)) / 1000,
    sleep: (milliseconds: number) => Promise.resolve((now += milliseconds)),
    now: () => now,
  };
}

test('waits until a thread that spins has stopped', async () => {
  const spinning = processors(1, 107);
  await quiet(spinning.busy, spinning.sleep);
  expect(spinning.now()).toBe(150);
});

test('looks once at processors that rest or do little', async () => {
  for (const share of [0, 0.4]) {
    const resting = processors(share, Infinity);
    await quiet(resting.busy, resting.sleep);
    expect(resting.now()).toBe(50);
  }
});

test('begins after a second where something else is at work', async () => {
  const never = processors(2, Infinity);
  await quiet(never.busy, never.sleep);
  expect(never.now()).toBe(1000);
});

test('work of this process counts', () => {
  const before = busySeconds();
  const end = performance.now() + 60; // longer than a tick of any system's clock
  while (performance.now() < end);
  expect(busySeconds()).toBeGreaterThan(before);
});
