// What must be the same bytes in Node and in a browser: augmented images, synthetic sets, spectrograms.

import * as sets from '@sinapse/datasets';

/** SHA-256 of what each maker gives, by name. */
export async function hashes(): Promise<Record<string, string>> {
  const { images } = sets.digits({ count: 20, seed: 3 });
  const picture = { data: Uint8Array.from({ length: 40 * 30 * 3 }, (_, i) => images[i]! ^ (i * 7)), height: 30, width: 40, channels: 3 };
  const transforms: Readonly<Record<string, sets.Transform>> = {
    randomFlip: sets.randomFlip(),
    randomCrop: sets.randomCrop({ size: 30, pad: 4 }),
    randomResizedCrop: sets.randomResizedCrop({ size: 20 }),
    randomAffine: sets.randomAffine({ degrees: 20, translate: 0.1, scale: [0.8, 1.2], shear: 10 }),
    elastic: sets.elastic({ alpha: 10, sigma: 3 }),
    colourJitter: sets.colourJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.2 }),
    pcaLighting: sets.pcaLighting(),
    cutout: sets.cutout({ size: 8 }),
    randAugment: sets.randAugment({ operations: 3, magnitude: 15 }),
  };
  const found: Record<string, string> = {};
  for (const [name, transform] of Object.entries(transforms))
    found[name] = await hash(Array.from({ length: 10 }, (_, seed) => sets.transformPicture(picture, transform, seed).data));
  const points = [sets.spirals(), sets.circles(), sets.moons(), sets.blobs(), sets.sineWaves({ count: 50 })];
  found['synthetic'] = await hash(points.map(({ x }) => bytesOf(x.data)));
  const { sounds } = sets.spokenDigits({ count: 10 });
  found['spectrogram'] = await hash(sounds.map((sound) => bytesOf(sets.spectrogram(sound, { mels: 20 }).data)));
  for await (const { x, y } of sets
    .imageDataset(sets.digits({ count: 8 }))
    .batch(8)
    .map(sets.mixup({ classes: 10, alpha: 0.4, seed: 2 })))
    found['mixup'] = await hash([bytesOf(x.data), bytesOf(y.data)]);
  return found;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

async function hash(parts: readonly Uint8Array[]): Promise<string> {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => (joined.set(part, at), at + part.length), 0);
  const digest = await crypto.subtle.digest('SHA-256', joined);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
