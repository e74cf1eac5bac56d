// Puts batches together for the library.

import type { Egg } from '$api/services';

/** A file that the library is told of with its photo. */
export interface KeptFile {
  path: string;
  size: number;
  sha256: string;
  volume: string;
}

/** The SHA-256 of a file, as 64 hexadecimal digits, read piece by piece. */
export interface Hasher {
  sha256(file: File): Promise<string>;
  close(): void;
}

/** Put a batch together. The eggs' JSON is taken over as it is: nothing is parsed and written again. */
export function batchBody(items: readonly { egg: Egg; file: KeptFile }[], importSession: number): Blob {
  const parts: string[] = [`{"import_session_id":${importSession},"eggs":[`];
  items.forEach(({ egg, file }, index) => {
    const listed = {
      filename: egg.filename,
      file_format: egg.format,
      file_size: file.size,
      sha256: file.sha256,
      location: { volume: file.volume, relative_path: file.path },
    };
    parts.push(`${index ? ',' : ''}{"image_files":[${JSON.stringify(listed)}],"photo_egg":`, egg.json, '}');
  });
  parts.push(']}');
  return new Blob(parts, { type: 'application/json' });
}

/** A key that nobody has used: also where the page has no secure context, and so no `randomUUID`. */
export function freshKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
