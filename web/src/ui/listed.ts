// A photo of the API as a tile of a grid.
import { language, t } from '$i18n/index.svelte';
import { readCorrection, shownRatio } from '$lib/correction';
import { momentName, wallClock } from '$lib/dates';
import type { PhotoInList } from '$api/photos';
import type { Listed } from './PhotoGrid.svelte';

export function listed(photo: PhotoInList): Listed {
  const when = wallClock(photo.taken_at);
  const words = t().timeline.photo(when === null ? t().timeline.undated : momentName(when, language.tag));
  const [width, height] = photo.width ? [photo.width, photo.height] : [photo.hotpreview_width, photo.hotpreview_height];
  const ratio = width && height ? width / height : 1;
  const correction = readCorrection(photo.view_correction);
  return {
    id: photo.id,
    ratio: shownRatio(ratio, correction),
    corrected: correction ? { correction, ratio } : undefined,
    label: photo.title ? `${photo.title}. ${words}` : words,
    flags: (photo.visibility !== 'private' ? 2 : 0) | (photo.has_raw_companion ? 8 : 0) | (photo.rating << 4),
  };
}
