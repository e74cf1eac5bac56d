import { describe, expect, it } from 'vitest';
import { dayName, dayOf, moment, momentName, monthOf, monthStart, wallClock } from './dates';

describe('wall-clock times', () => {
  it('are read without their offset: the day is the one that the camera showed', () => {
    expect(wallClock('2024-04-27T23:55:20')).toBe(Date.UTC(2024, 3, 27, 23, 55, 20));
    expect(wallClock('2024-04-27T23:55:20+02:00')).toBe(Date.UTC(2024, 3, 27, 23, 55, 20));
    expect(wallClock(null)).toBeNull();
    expect(wallClock('yesterday')).toBeNull();
  });

  it('lie on days and in months, also before 1970', () => {
    expect(dayOf(Date.UTC(1955, 5, 4, 13))).toBe(Date.UTC(1955, 5, 4));
    expect(monthStart(monthOf(Date.UTC(1955, 5, 4, 13)))).toBe(Date.UTC(1955, 5, 1));
  });

  it('are named as far as they are told', () => {
    const first = Date.UTC(2024, 4, 1);
    expect(momentName(first, 'en-GB', 'month')).toBe('May 2024');
    expect(momentName(first, 'en-GB', 'day')).toBe('1 May 2024');
    expect(momentName(first, 'en-GB')).toContain('00:00');
  });

  it('are named without the year if it is this one', () => {
    const now = Date.UTC(2024, 6, 1);
    expect(dayName(Date.UTC(2024, 4, 17), 'en-GB', now)).toBe('Fri 17 May');
    expect(dayName(Date.UTC(2023, 4, 17), 'en-GB', now)).toContain('2023');
  });

  it('end with the period that an address asks for', () => {
    expect(moment('2023')).toBe(Date.UTC(2024, 0, 1) - 1);
    expect(moment('2024-02')).toBe(Date.UTC(2024, 2, 1) - 1);
    expect(moment('2024-05-17')).toBe(Date.UTC(2024, 4, 18) - 1);
    expect(moment('2024-05-17T10:00:00')).toBe(Date.UTC(2024, 4, 17, 10));
    expect(moment(null)).toBeUndefined();
    expect(moment('soon')).toBeUndefined();
  });
});
