// What the API tells, as lists show it: a photo as a tile of a grid, an event with its place.
import { language, t } from '$i18n/index.svelte';
import { readCorrection, shownRatio } from '$lib/correction';
import { flagged } from '$lib/flags';
import { momentName, wallClock } from '$lib/dates';
import type { PhotoInList } from '$api/photos';
import type { Listed } from './PhotoGrid.svelte';

export function listed(photo: PhotoInList): Listed {
  const when = wallClock(photo.taken_at);
  const words = t().timeline.photo(
    when === null ? t().timeline.undated : momentName(when, language.tag, photo.taken_at_precision),
  );
  const [width, height] = photo.width ? [photo.width, photo.height] : [photo.hotpreview_width, photo.hotpreview_height];
  const ratio = width && height ? width / height : 1;
  const correction = readCorrection(photo.view_correction);
  return {
    id: photo.id,
    ratio: shownRatio(ratio, correction),
    corrected: correction ? { correction, ratio } : undefined,
    label: photo.title ? `${photo.title}. ${words}` : words,
    flags: flagged(0, {
      shared: photo.visibility !== 'private',
      raw: !!photo.has_raw_companion,
      large: !!photo.coldpreview_url,
      rating: photo.rating,
    }),
  };
}

/** Where an event was, unless its name says so already. */
export function placeBeside({ name, location_name }: { name: string; location_name?: string | null }): string {
  return location_name && !name.toLowerCase().includes(location_name.toLowerCase()) ? location_name : '';
}
