import { expect, it } from 'vitest';
import { polygons, unwrapped, type Topology } from './topology';

it('two neighbours share a border, which one of them walks backwards', () => {
  const topology: Topology = {
    transform: { scale: [0.5, 0.5], translate: [10, 20] },
    arcs: [
      [
        [2, 0],
        [0, 4],
      ],
      [
        [2, 4],
        [-2, 0],
        [0, -4],
        [2, 0],
      ],
      [
        [2, 0],
        [2, 0],
        [0, 4],
        [-2, 0],
      ],
    ],
    objects: {
      land: {
        type: 'GeometryCollection',
        geometries: [
          { type: 'Polygon', arcs: [[0, 1]] },
          { type: 'MultiPolygon', arcs: [[[2, -1]]] },
        ],
      },
    },
  };
  const [west, east] = polygons(topology, 'land').map((polygon) => polygon.coordinates[0]!);
  expect(west).toEqual([
    [11, 20],
    [11, 22],
    [10, 22],
    [10, 20],
    [11, 20],
  ]);
  expect(east).toEqual([
    [11, 20],
    [12, 20],
    [12, 22],
    [11, 22],
    [11, 20],
  ]);
});

it('a ring over the antimeridian goes on beyond it, and one around the pole is closed along the pole', () => {
  expect(
    unwrapped([
      [179, 60],
      [-179, 60],
      [-179, 65],
      [179, 60],
    ]).map(([x]) => x),
  ).toEqual([179, 181, 181, 179]);
  const around = unwrapped([
    [-170, -70],
    [-60, -70],
    [60, -70],
    [170, -70],
    [-170, -70],
  ]);
  expect(around.slice(-3)).toEqual([
    [190, -90],
    [-170, -90],
    [-170, -70],
  ]);
});
