/** The most megabytes of a file, also after decompression: MNIST's largest has 47. */
export const MOST_MEGABYTES = 512;
