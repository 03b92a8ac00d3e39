// The program of the decoding process: each message is a `DecodeRequest`, and is answered by a `DecodeAnswer`. It ends with its parent.

import { ImageError, decodeImage } from './decode.ts';
import type { DecodeAnswer, DecodeRequest } from './decoder.ts';

process.on('message', ({ bytes, channels }: DecodeRequest) => {
  const answer = (message: DecodeAnswer) => process.send!(message);
  decodeImage(bytes, channels).then(
    (image) => answer({ image }),
    (error: unknown) => answer({ reason: error instanceof ImageError ? error.message : `cannot be decoded: ${String(error)}` }),
  );
});
// Its parent is gone. An ordinary exit would wait for the image that is being drawn.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
