// What a camera wrote, as photographers say it.

interface Shot {
  focal_length?: number | null;
  f_number?: number | null;
  exposure_time?: string | null;
  iso?: number | null;
}

/** "50 mm · f/1.8 · 1/250 s · ISO 200" */
export function exposure(shot: Shot): string {
  return [
    shot.focal_length && `${tidy(shot.focal_length)} mm`,
    shot.f_number && `f/${tidy(shot.f_number)}`,
    shot.exposure_time && `${shot.exposure_time} s`,
    shot.iso && `ISO ${shot.iso}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** "Canon EOS R5", also where the model repeats the maker. */
export function camera(make: string | null | undefined, model: string | null | undefined): string {
  const maker = make?.trim().split(/\s+/)[0] ?? '';
  if (!model) return make ?? '';
  return model.toLowerCase().startsWith(maker.toLowerCase()) ? model : `${title(make!.trim())} ${model}`;
}

/** "2.4 MB" */
export function bytes(size: number | null | undefined, tag = 'en-GB'): string {
  if (size === null || size === undefined) return '';
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = size;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${value.toLocaleString(tag, { maximumFractionDigits: value < 10 && unit ? 1 : 0 })} ${units[unit]}`;
}

/** "59.91° N, 10.75° E" */
export function position(latitude: number, longitude: number): string {
  const part = (value: number, plus: string, minus: string) =>
    `${Math.abs(value).toFixed(4)}° ${value < 0 ? minus : plus}`;
  return `${part(latitude, 'N', 'S')}, ${part(longitude, 'E', 'W')}`;
}

function tidy(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function title(text: string): string {
  return /^[A-Z ]+$/.test(text) && text.length > 4
    ? text
        .toLowerCase()
        .replace(/\b\w/g, (letter) => letter.toUpperCase())
        .replace(/ (Corporation|Co.*)$/, '')
    : text;
}
