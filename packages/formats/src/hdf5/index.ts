// The public surface of @sinapse/formats/hdf5, which needs the package h5wasm.

export { decodeHdf5 } from './hdf5.ts';
export { decodeKeras } from './keras.ts';
