import { SinapseError } from '@sinapse/core';

/**
 * Loads sharp, which decodes images.
 * @throws SinapseError when it is not installed
 */
export async function loadSharp(): Promise<typeof import('sharp').default> {
  try {
    return (await import('sharp')).default;
  } catch (error) {
    throw new SinapseError('images in files need sharp: install it with npm install sharp', { cause: error });
  }
}
