// Circles on the earth, as the polygons that maps draw.

const CORNERS = 64;
const METRES_PER_DEGREE = 111_195;

/** A ring of `[longitude, latitude]` about `radius` metres around a point. */
export function circle(latitude: number, longitude: number, radius: number): [number, number][] {
  const north = radius / METRES_PER_DEGREE;
  const east = north / Math.max(Math.cos((latitude * Math.PI) / 180), 1e-3);
  return Array.from({ length: CORNERS + 1 }, (_, corner) => {
    const angle = (2 * Math.PI * corner) / CORNERS;
    return [longitude + east * Math.cos(angle), latitude + north * Math.sin(angle)];
  });
}

/** The zoom at which a circle fills about half of a map of `pixels`. */
export function zoomFor(latitude: number, radius: number, pixels: number): number {
  const around = METRES_PER_DEGREE * 360 * Math.max(Math.cos((latitude * Math.PI) / 180), 1e-3);
  return Math.min(15, Math.max(1, Math.log2((around * pixels) / (512 * 4 * radius))));
}
