// How a folder or files are chosen, in whatever way the browser has.
import { HandleSource, ListSource } from './sources';
import type { Source } from './sources';

/** Ask for a folder; null when nobody chose one. */
export async function chooseFolder(looseName: string): Promise<Source | null> {
  if (window.showDirectoryPicker) {
    try {
      return new HandleSource(await window.showDirectoryPicker({ mode: 'read', id: 'imalink-import' }));
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return null;
      // Refused where it is offered (some frames and policies): the old way may work.
    }
  }
  return listed(await pick({ folder: true }), looseName);
}

/** Ask for files. */
export async function chooseFiles(looseName: string): Promise<Source | null> {
  return listed(await pick({ folder: false }), looseName);
}

function listed(files: FileList | null, looseName: string): Source | null {
  return files && files.length > 0 ? new ListSource(files, looseName) : null;
}

function pick({ folder }: { folder: boolean }): Promise<FileList | null> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.webkitdirectory = folder;
    input.onchange = () => resolve(input.files);
    input.oncancel = () => resolve(null);
    input.click();
  });
}
