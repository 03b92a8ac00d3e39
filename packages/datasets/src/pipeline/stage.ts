// Types that stages over random access and stages over streams share.

/** The epoch of an element, and its index in the order of this stage. */
export interface ElementContext {
  readonly epoch: number;
  readonly index: number;
}

/** Makes one element from another. Take random choices from `randomKey(seed).fold(epoch).fold(index)`, so that a resumed run repeats them. */
export type MapFunction<T, U> = (element: T, context: ElementContext) => U | Promise<U>;

/** Makes one batch from several elements. */
export type Collate<T, C> = (elements: T[]) => C;

/** Which part of a pipeline to run. */
export interface Pass {
  readonly epoch: number;
  /** Elements to leave out at the start. */
  readonly skip: number;
}
