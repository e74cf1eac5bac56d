// The words of administration, in English: the pattern for other languages.

const n = (count: number) => count.toLocaleString('en-GB');

export const en = {
  find: 'How a name or address begins',
  admin: 'Administrator',
  isDisabled: 'Disabled',
  held: 'What does it hold?',
  signedIn: (count: number) => (count === 1 ? 'signed in at one place' : `signed in at ${n(count)} places`),
  atMost: (what: string) => `at most ${what}`,
  quota: 'Set a quota',
  quotaOf: (name: string) => `Quota of ${name}`,
  quotaText: 'An empty field is no limit.',
  quotaPhotos: 'Most photos',
  quotaSize: 'Most gigabytes of previews',
  reset: 'Reset the password',
  resetOf: (name: string) => `Reset the password of ${name}?`,
  resetText: 'The account gets a password for once and is signed out everywhere.',
  password: 'Password for once',
  passwordText: 'Give it to its owner: it is shown this once.',
  promote: 'Make an administrator',
  demote: 'No longer an administrator',
  disable: 'Disable',
  disableHint: 'It is signed out and cannot sign in. Its photos stay.',
  disabled: 'Account disabled',
  enable: 'Enable',
  enabled: 'Account enabled',
  invites: 'Invitations',
  invite: 'Invite somebody',
  invitation: 'Invitation',
  note: 'For whom (a note for you)',
  used: (when: string) => `Used ${when}`,
  code: 'Invitation code',
  codeText: 'Whoever has it can make one account. It is shown this once.',
};

type Widen<T> = { [K in keyof T]: T[K] extends string ? string : T[K] };

/** What every language must have. */
export type Words = Widen<typeof en>;
