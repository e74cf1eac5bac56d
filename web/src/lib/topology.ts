// TopoJSON as GeoJSON: coastlines shared by neighbours are kept once, as steps on a grid.

export interface Topology {
  arcs: [number, number][][];
  transform: { scale: [number, number]; translate: [number, number] };
  objects: Record<string, Shape>;
}

interface Shape {
  type: 'GeometryCollection' | 'Polygon' | 'MultiPolygon';
  geometries?: Shape[];
  arcs?: number[][] | number[][][];
}

type Ring = [number, number][];

/** A piece of land with its holes, as GeoJSON has it: [longitude, latitude] in degrees. */
export interface Area {
  type: 'Polygon';
  coordinates: Ring[];
}

/** The polygons of an object, each by itself. */
export function polygons(topology: Topology, name: string): Area[] {
  const arcs = topology.arcs.map((arc) => absolute(arc, topology.transform));
  return collect(topology.objects[name]!, arcs).map((rings) => ({
    type: 'Polygon',
    coordinates: rings.map(unwrapped),
  }));
}

/** Let a ring that crosses the antimeridian go on beyond it; close one that goes around a pole along the pole. */
export function unwrapped(ring: Ring): Ring {
  let turns = 0;
  let last = ring[0]![0];
  const points: Ring = ring.map(([x, y]) => {
    if (x - last > 180) turns -= 360;
    if (last - x > 180) turns += 360;
    last = x;
    return [x + turns, y];
  });
  if (turns) {
    const pole = ring[0]![1] < 0 ? -90 : 90;
    points.push([points.at(-1)![0], pole], [points[0]![0], pole], points[0]!);
  }
  return points;
}

function collect(shape: Shape, arcs: Ring[]): Ring[][] {
  switch (shape.type) {
    case 'GeometryCollection':
      return shape.geometries!.flatMap((inner) => collect(inner, arcs));
    case 'Polygon':
      return [(shape.arcs as number[][]).map((ring) => joined(ring, arcs))];
    case 'MultiPolygon':
      return (shape.arcs as number[][][]).map((polygon) => polygon.map((ring) => joined(ring, arcs)));
    default:
      return [];
  }
}

function absolute(arc: [number, number][], { scale, translate }: Topology['transform']): Ring {
  let [x, y] = [0, 0];
  return arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
}

/** Arcs one behind the other; a negative number is an arc backwards. They share their ends. */
function joined(ring: number[], arcs: Ring[]): Ring {
  const points: Ring = [];
  for (const index of ring) {
    const arc = index < 0 ? [...arcs[~index]!].reverse() : arcs[index]!;
    points.push(...(points.length ? arc.slice(1) : arc));
  }
  return points;
}
