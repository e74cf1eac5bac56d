// MapLibre with the base layer that comes with the page: land and borders, no network. Loaded when a map is opened.
import maplibre from 'maplibre-gl/dist/maplibre-gl-csp';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-csp-worker?url';
import 'maplibre-gl/dist/maplibre-gl.css';
import { land, type Colours } from '$ui/earth';

maplibre.setWorkerUrl(workerUrl);

export { maplibre };
export type { Map as LibreMap, Marker } from 'maplibre-gl';

/** The map's look. */
export async function style(colours: Colours): Promise<object> {
  const features = (await land()).map((geometry) => ({ type: 'Feature', properties: {}, geometry }));
  return {
    version: 8,
    sources: { world: { type: 'geojson', data: { type: 'FeatureCollection', features } } },
    layers: [
      { id: 'water', type: 'background', paint: { 'background-color': colours.water } },
      { id: 'land', type: 'fill', source: 'world', paint: { 'fill-color': colours.land, 'fill-antialias': true } },
      { id: 'borders', type: 'line', source: 'world', paint: { 'line-color': colours.border, 'line-width': 0.8 } },
    ],
  };
}
