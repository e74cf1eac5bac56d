// What a gallery of originals is asked for, as it stands in the address.
import type { Query } from '$api/client';

export interface Asked {
  status?: string;
  from?: string;
  to?: string;
  place?: string;
}

const NAMES = ['status', 'from', 'to', 'place'] as const;

export const STATUSES = ['errors', 'pending', 'ready', 'warning', 'failed', 'cancelled'] as const;

export function read(params: URLSearchParams): Asked {
  const asked: Asked = {};
  for (const name of NAMES) {
    const value = params.get(name);
    if (value) asked[name] = value;
  }
  return asked;
}

export function written(asked: Asked): string {
  const params = new URLSearchParams();
  for (const name of NAMES) if (asked[name]) params.set(name, asked[name]);
  return params.size ? `/uploads?${params}` : '/uploads';
}

/** The same in the words of the service; what is no status, day or place is left out. */
export function question({ status, from, to, place }: Asked): NonNullable<Query<'/api/v1/photos/gallery', 'get'>> {
  const day = /^\d{4}-\d\d-\d\d$/;
  return {
    ...((STATUSES as readonly string[]).includes(status ?? '') && { status: status as (typeof STATUSES)[number] }),
    ...(from && day.test(from) && { date_from: from }),
    ...(to && day.test(to) && { date_to: to }),
    ...(/^[1-9]\d{0,15}$/.test(place ?? '') && { place_id: Number(place) }),
  };
}
