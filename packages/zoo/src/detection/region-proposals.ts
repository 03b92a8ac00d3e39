// Boxes in which an object may be: selective search. Uijlings, van de Sande, Gevers, Smeulders 2013, "Selective search for object recognition",
// algorithm 1, with one segmentation and one measure of likeness.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions, checkValue } from '@sinapse/core';
import type { Box } from './box.ts';
import type { HostImage } from './image.ts';
import { IMAGE } from './image.ts';
import type { Region } from './region.ts';
import { joined, likeness, regionsOf } from './region.ts';
import type { Segmentation } from './segmentation.ts';
import { segment } from './segmentation.ts';

export interface RegionProposalOptions {
  /** The scale of the first regions, > 0: the larger, the fewer there are. Default 0.5. */
  readonly scale?: number;
  /** The fewest pixels of a first region; an integer >= 1. Default 20. */
  readonly smallest?: number;
  /** The least width and height of a box; an integer >= 1. Default 4. */
  readonly least?: number;
}

const REGION_PROPOSALS: OptionChecks<RegionProposalOptions> = { scale: check.positive, smallest: check.count, least: check.count };

/**
 * The boxes around regions of an image: first of small regions of one colour each, then of what becomes of them when the two neighbours that are most alike
 * are joined, again and again, until one region is left.
 * @param image of any number of channels
 * @returns boxes, each once, the last one joined first
 * @throws SinapseError when the image has not as many values as its shape says, or an option is out of range
 */
export function regionProposals(image: HostImage, options: RegionProposalOptions = {}): Box[] {
  checkValue('regionProposals: the image', image, IMAGE);
  checkOptions('regionProposals', options, REGION_PROPOSALS);
  const { scale = 0.5, smallest = 20, least = 4 } = options;
  const segmentation = segment(image, scale, smallest);
  const found = grouped(regionsOf(image, segmentation), neighboursIn(segmentation, image.shape), image.shape[0] * image.shape[1]);
  const boxes = new Map<string, Box>();
  for (const { box } of found.reverse()) {
    const [left, top, right, bottom] = box;
    if (right - left >= least && bottom - top >= least && !boxes.has(box.join())) boxes.set(box.join(), box);
  }
  return [...boxes.values()];
}

/** The pairs of regions that touch. */
function neighboursIn({ regions }: Segmentation, [height, width]: readonly number[]): Set<number>[] {
  const neighbours: Set<number>[] = [];
  const touch = (a: number, b: number): void => {
    if (a === b) return;
    (neighbours[a] ??= new Set()).add(b);
    (neighbours[b] ??= new Set()).add(a);
  };
  regions.forEach((region, pixel) => {
    if ((pixel + 1) % width! !== 0) touch(region, regions[pixel + 1]!);
    if (pixel + width! < height! * width!) touch(region, regions[pixel + width!]!);
  });
  return neighbours;
}

/** All regions: those given, and those that joining them makes, in the order in which they are made. */
function grouped(first: readonly Region[], touching: readonly Set<number>[], pixels: number): Region[] {
  const regions = [...first];
  const neighbours = regions.map((_, i) => new Set(touching[i]));
  const pairs = new Map<string, { a: number; b: number; alike: number }>();
  const compare = (a: number, b: number): void => {
    const [low, high] = a < b ? [a, b] : [b, a];
    pairs.set(`${low} ${high}`, { a: low, b: high, alike: likeness(regions[low]!, regions[high]!, pixels) });
  };
  neighbours.forEach((others, a) => others.forEach((b) => a < b && compare(a, b)));
  while (pairs.size > 0) {
    let best = { a: 0, b: 0, alike: -Infinity };
    for (const pair of pairs.values()) if (pair.alike > best.alike) best = pair;
    const { a, b } = best;
    const made = regions.push(joined(regions[a]!, regions[b]!)) - 1;
    const around = new Set([...neighbours[a]!, ...neighbours[b]!].filter((other) => other !== a && other !== b));
    neighbours.push(around);
    for (const gone of [a, b]) {
      for (const other of neighbours[gone]!) {
        pairs.delete(gone < other ? `${gone} ${other}` : `${other} ${gone}`);
        neighbours[other]!.delete(gone);
      }
    }
    for (const other of around) {
      neighbours[other]!.add(made);
      compare(other, made);
    }
  }
  return regions;
}
