// The base layer of every map here: land and borders (Natural Earth, public domain), which come with the page.
import worldUrl from 'world-atlas/countries-50m.json?url';
import { bundled } from '$api/files';
import { polygons, type Area, type Topology } from '$lib/topology';

export interface Colours {
  water: string;
  land: string;
  border: string;
}

export const LIGHT: Colours = { water: '#d6e2e6', land: '#f7f5ef', border: '#cfcabd' };
export const DARK: Colours = { water: '#0f1719', land: '#262b2d', border: '#3d4447' };

let known: Promise<Area[]> | undefined;

/** The countries, each polygon by itself. Fetched once. */
export function land(): Promise<Area[]> {
  known ??= bundled<Topology>(worldUrl).then((world) => polygons(world, 'countries'));
  known.catch(() => (known = undefined));
  return known;
}
