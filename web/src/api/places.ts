// Where photos were taken, gathered into clusters by the service.
import { ask, type Schemas } from './client';

export type Clusters = Schemas['Clusters'];
export type Cluster = Schemas['Cluster'];

/** The clusters within `west,south,east,north`. */
export function clusters(box: readonly number[], zoom: number, signal?: AbortSignal): Promise<Clusters> {
  const query = { bbox: box.map((degrees) => degrees.toFixed(5)).join(','), zoom, owner: 'me' };
  return ask('get', '/api/v1/photos/map/clusters', { query: query as never, signal }) as Promise<Clusters>;
}
