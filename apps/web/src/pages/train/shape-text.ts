/** A shape as people write it. */
export const shapeText = (shape: readonly number[]): string => shape.join(' × ');
