// SHA-256 of a file, in memory that does not grow with it.
//
// WebCrypto digests whole buffers only, but several times faster than JavaScript, so small files go that way;
// large ones, and all where the page has no secure context, are read piece by piece.

export const WHOLE_BYTES = 64 * 1024 * 1024;
const PIECE_BYTES = 4 * 1024 * 1024;

export async function sha256(
  file: Blob,
  subtle: SubtleCrypto | null = globalThis.crypto?.subtle ?? null,
): Promise<string> {
  if (subtle && file.size <= WHOLE_BYTES)
    return hex(new Uint8Array(await subtle.digest('SHA-256', await file.arrayBuffer())));
  const { sha256: streaming } = await import('@noble/hashes/sha2.js');
  const digest = streaming.create();
  for (let at = 0; at < file.size; at += PIECE_BYTES) {
    digest.update(new Uint8Array(await file.slice(at, at + PIECE_BYTES).arrayBuffer()));
  }
  return hex(digest.digest());
}

function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
