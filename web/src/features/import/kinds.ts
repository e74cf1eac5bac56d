// Tells by its name what a file is. The content decides in the end, at core_service; this keeps films and litter at home.

export type Kind = 'picture' | 'raw' | 'video' | 'sidecar' | 'other' | 'litter';

const words = (text: string) => new Set(text.split(' '));

// The extensions of core_service's GET /v1/formats; tests/contract keeps the two alike.
export const PICTURES = words(
  'jpg jpeg jpe mpo png apng webp avif heic heif hif jxl jp2 j2k jpf jpx gif bmp dib tif tiff',
);
export const RAWS = words(
  'cr2 cr3 crw orf rw2 raw raf mrw x3f dng nef nrw arw sr2 srf pef srw 3fr fff iiq erf kdc dcr mef mos rwl',
);
const VIDEOS = words('mp4 mov m4v avi mts m2ts mpg mpeg mkv webm 3gp wmv insv lrv');
const SIDECARS = words('xmp thm aae pp3 dop cos xml on1');

const LITTER_FILES = words('thumbs.db desktop.ini .ds_store .picasa.ini picasa.ini .nomedia');
// What photo programs, servers and systems keep for themselves beside the photos: previews, bins, indexes.
const LITTER_FOLDERS = words(
  '@eadir #recycle $recycle.bin .trash .trashes .trash-1000 .thumbnails .spotlight-v100 .fseventsd .git node_modules ' +
    '.dtrash .picasaoriginals .lrt captureone __macosx',
);
const LITTER_BUNDLES = /\.(lrdata|lrlibrary|cocatalog|photoslibrary\/resources)$/i;

/** The extension in lower case, without the dot; '' when there is none. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
}

/** The name without its extension. */
export function stemOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

/** Judge a file by its name. */
export function kindOf(name: string): Kind {
  // "._IMG_1.JPG" is what macOS writes beside IMG_1.JPG on a card: no picture, though it is called like one.
  if (name.startsWith('.') || LITTER_FILES.has(name.toLowerCase())) return 'litter';
  const extension = extensionOf(name);
  if (RAWS.has(extension)) return 'raw';
  if (PICTURES.has(extension)) return 'picture';
  if (VIDEOS.has(extension)) return 'video';
  return SIDECARS.has(extension) ? 'sidecar' : 'other';
}

/** Whether a folder holds a program's own files, which nobody means when they say "my photos". */
export function isLitterFolder(name: string): boolean {
  return LITTER_FOLDERS.has(name.toLowerCase()) || LITTER_BUNDLES.test(name);
}
