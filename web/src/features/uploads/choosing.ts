// How files are chosen: by the browser's dialog, or by dropping files and folders.

const LITTER = /^(\.|Thumbs\.db$|desktop\.ini$)/i;

/** Ask for files; none when nobody chose any. */
export function chooseFiles(): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.onchange = () => resolve([...(input.files ?? [])]);
    input.oncancel = () => resolve([]);
    input.click();
  });
}

/** All files of what was dropped, also of folders in folders; what systems write beside photos stays behind. */
export async function droppedFiles(carried: DataTransfer): Promise<File[]> {
  // Entries are there only while the drop is handled: all are taken before anything is waited for.
  const entries = [...carried.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (!entries.length) return [...carried.files];
  const files: File[] = [];
  for (const entry of entries) await gather(entry, files);
  return files;
}

async function gather(entry: FileSystemEntry, into: File[]): Promise<void> {
  if (LITTER.test(entry.name)) return;
  if (entry.isFile) {
    into.push(await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)));
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return;
    for (const one of some) await gather(one, into);
  }
}
