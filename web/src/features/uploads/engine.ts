// The map engine, as this feature needs it; the routes hand it over.
import type { Colours } from '$ui/earth';
import type maplibre from 'maplibre-gl';

export type LoadEngine = () => Promise<{
  maplibre: typeof maplibre;
  style: (colours: Colours) => Promise<object>;
}>;
