// Removes originals, as many as are chosen; their photos stay, or go to the trash.
import { tell } from '$api/changes';
import { ask } from '$api/client';

const AT_ONCE = 500;

export async function removeUploads(ids: readonly string[], { keepPhotos }: { keepPhotos: boolean }): Promise<void> {
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    await ask('post', '/api/v1/photos/gallery/delete', {
      body: { image_ids: ids.slice(from, from + AT_ONCE), keep_photos: keepPhotos },
    });
  }
  if (!keepPhotos) tell({ kind: 'back' }); // nobody says which photos went: whoever shows some looks again
}
