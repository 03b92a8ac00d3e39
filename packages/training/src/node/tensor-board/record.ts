// The record format of TensorFlow's files: https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details

import { crc32c } from './crc.ts';

/** A record: its length (uint64), the masked CRC of that, the bytes, and their masked CRC, all little-endian. */
export function encodeRecord(bytes: Uint8Array): Uint8Array {
  const record = new Uint8Array(bytes.length + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(bytes.length), true);
  view.setUint32(8, masked(crc32c(record.subarray(0, 8))), true);
  record.set(bytes, 12);
  view.setUint32(12 + bytes.length, masked(crc32c(bytes)), true);
  return record;
}

/** A CRC is stored rotated and shifted, because the check of bytes that contain their own check would mean little. */
function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
