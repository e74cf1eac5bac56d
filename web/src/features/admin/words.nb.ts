// The words of administration, in Norwegian.
import type { Words } from './words.en';

const n = (count: number) => count.toLocaleString('nb-NO');

export const nb: Words = {
  find: 'Hvordan et navn eller en adresse begynner',
  admin: 'Administrator',
  isDisabled: 'Deaktivert',
  held: 'Hva inneholder den?',
  signedIn: (count: number) => (count === 1 ? 'logget inn ett sted' : `logget inn ${n(count)} steder`),
  atMost: (what: string) => `høyst ${what}`,
  quota: 'Sett en kvote',
  quotaOf: (name: string) => `Kvoten til ${name}`,
  quotaText: 'Et tomt felt er ingen grense.',
  quotaPhotos: 'Flest bilder',
  quotaSize: 'Flest gigabyte forhåndsvisninger',
  reset: 'Tilbakestill passordet',
  resetOf: (name: string) => `Tilbakestille passordet til ${name}?`,
  resetText: 'Kontoen får et engangspassord og logges ut overalt.',
  password: 'Engangspassord',
  passwordText: 'Gi det til eieren: det vises bare nå.',
  promote: 'Gjør til administrator',
  demote: 'Ikke lenger administrator',
  disable: 'Deaktiver',
  disableHint: 'Den logges ut og kan ikke logge inn. Bildene blir.',
  disabled: 'Konto deaktivert',
  enable: 'Aktiver',
  enabled: 'Konto aktivert',
  invites: 'Invitasjoner',
  invite: 'Inviter noen',
  invitation: 'Invitasjon',
  note: 'Til hvem (et notat for deg)',
  used: (when: string) => `Brukt ${when}`,
  code: 'Invitasjonskode',
  codeText: 'Den som har den, kan lage én konto. Den vises bare nå.',
};
