// Hashes files away from the page, so that it stays smooth: asks come as {id, file}, answers go as {id, sha256 | error}.
import { sha256 } from './hashing';

self.onmessage = async ({ data: { id, file } }: MessageEvent<{ id: number; file: File }>) => {
  try {
    self.postMessage({ id, sha256: await sha256(file) });
  } catch (error) {
    self.postMessage({ id, error: error instanceof DOMException ? error.name : 'NotReadableError' });
  }
};
