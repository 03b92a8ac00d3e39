// Random numbers for grids and values, the same on every platform. Core's generator, Philox, is built for devices; this one is much faster on
// the host, where a grid draws millions of numbers.

import type { RandomKey } from '@sinapse/core';

/** The generator sfc32 of Chris Doty-Humphrey's PractRand: 96 bits of chaotic state and a counter. */
export class Draws {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor({ low, high }: RandomKey) {
    this.a = low | 0;
    this.b = high | 0;
    this.c = 0x9e3779b9 | 0;
    for (let round = 0; round < 12; round++) this.bits(); // mixes every bit of the key into every bit of the state
  }

  /** 32 bits, as a signed integer. */
  private bits(): number {
    const result = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + result) | 0;
    return result;
  }

  /** Uniform in [0, 1): a multiple of 2^-32. */
  uniform(): number {
    return (this.bits() >>> 0) / 0x100000000;
  }

  /** A uniform integer in [0, count). */
  below(count: number): number {
    return Math.floor(this.uniform() * count);
  }
}
