// The screens of the menu, in their order.
import type { IconName } from '$ui/icons';
import type { Catalogue } from '$i18n/index.svelte';

export interface Place {
  href: string;
  name: keyof Catalogue['nav'];
  icon: IconName;
  /** Whether somebody who is not signed in can use it. */
  open?: boolean;
  /** Whether it is there only where the service keeps originals. */
  originals?: boolean;
}

export const MAIN: Place[] = [
  { href: '/', name: 'photos', icon: 'photos', open: true },
  { href: '/search', name: 'search', icon: 'search', open: true },
  { href: '/map', name: 'map', icon: 'map' },
  { href: '/shared', name: 'shared', icon: 'shared' },
];

export const ORGANISE: Place[] = [
  { href: '/albums', name: 'albums', icon: 'albums' },
  { href: '/events', name: 'events', icon: 'events' },
  { href: '/tags', name: 'tags', icon: 'tags' },
  { href: '/authors', name: 'authors', icon: 'person' },
  { href: '/stacks', name: 'stacks', icon: 'stacks' },
];

export const OTHER: Place[] = [
  { href: '/uploads', name: 'originals', icon: 'originals', originals: true },
  { href: '/stats', name: 'stats', icon: 'stats' },
  { href: '/trash', name: 'trash', icon: 'trash' },
];

/** What fits at the bottom of a telephone. */
export const BOTTOM: Place[] = [MAIN[0]!, MAIN[1]!, ORGANISE[0]!, MAIN[2]!];

export function isAt(path: string, place: Place): boolean {
  return place.href === '/' ? path === '/' || path.startsWith('/photo/') : path.startsWith(place.href);
}
