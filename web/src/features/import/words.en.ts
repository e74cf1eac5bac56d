// The import's words in English; they come with the import's code, not with the page's first load.
import type { Trouble } from '$api/services';
import type { FileState } from './journal';

const n = (count: number) => count.toLocaleString('en-GB');
const of = (count: number, one: string, many: string) => (count === 1 ? `1 ${one}` : `${n(count)} ${many}`);

const states: Record<FileState, string> = {
  found: 'Waiting',
  hashed: 'Waiting',
  ready: 'Waiting',
  added: 'Added',
  joined: 'Joined to its photo',
  known: 'Already here',
  failed: 'Not added',
  ignored: 'Left alone',
};

const troubles: Record<Trouble, { title: string; text: string }> = {
  'core-away': {
    title: 'The image service does not answer',
    text: 'It turns your photos into previews, and usually runs on this very computer. Start it, or check its address below. The import goes on by itself as soon as it answers.',
  },
  'core-origin': {
    title: 'The image service does not know this page',
    text: 'It is running, but takes photos only from pages it was told of. Add this page’s address to the service’s setting and start it again:',
  },
  'core-permission': {
    title: 'The browser keeps this page from the image service',
    text: 'Chrome asks before a page may reach programs on your computer or home network, and the answer was no. Click the icon at the left of the address bar, allow “Local network access”, and reload the page. The import goes on where it is now.',
  },
  'core-insecure': {
    title: 'The image service cannot be reached from a secure page',
    text: 'This page came over HTTPS, and browsers then refuse plain HTTP to other machines. Run the image service on this computer, or give it an HTTPS address.',
  },
  'core-address': {
    title: 'This address is not allowed',
    text: 'For your safety the page may send photos only to the address that this server names, or to this computer (localhost). Whoever runs the server can name another: METADATA_CORE_PUBLIC_URL.',
  },
  'core-stranger': {
    title: 'Something else answers at this address',
    text: 'There is a service, but it is not ImaLink’s image service. Check the address below.',
  },
  'library-away': {
    title: 'The library does not answer',
    text: 'Is this device online? The import waits, and goes on by itself when the library is back.',
  },
  'library-full': {
    title: 'There is no room left in the library',
    text: 'What was added is safe. Delete photos for good, or ask whoever runs this server for more room, then look again.',
  },
  'signed-out': {
    title: 'You are signed out',
    text: 'Sign in again, in this tab or another, and the import goes on where it is now.',
  },
  'folder-gone': {
    title: 'The folder cannot be read any more',
    text: 'Is the disk or card still plugged in? Plug it in again and the import goes on. Nothing was marked as failed.',
  },
};

/** In words for people; of other refusals the service's own sentence is shown. */
const failures: Record<string, string> = {
  'file-changed': 'The file changed while the import was running. Import the folder again to bring it in.',
  'file-empty': 'The file is empty.',
  'file-gone': 'The file is not there any more.',
  'file-unreadable': 'The file cannot be read: the disk may be damaged, or you may lack the permission.',
  'not-sent': 'The connection broke each time this file was sent. Try again; if it stays so, the file may be damaged.',
  unanswered: 'The library said nothing about this file. Try again.',
  'empty-upload': 'The file is empty.',
  'undecodable-image': 'The image is damaged and cannot be read.',
  'image-too-small': 'The image is smaller than 4 × 4 pixels.',
  'file-too-large': 'The file is larger than the image service takes.',
  'too-many-pixels': 'The image has more pixels than the image service takes.',
  'too-many-scans': 'This JPEG is made to keep computers busy, and is refused.',
  'decoding-took-too-long': 'Reading the image took too long.',
  'decoding-needs-too-much-memory': 'Reading the image needs too much memory.',
  'decoder-crashed': 'The image is damaged in a way that breaks its reader.',
  'unprocessable-image': 'Something about this image was not foreseen.',
  'unknown-format': 'This is not an image of a kind that can be read.',
  'found-text': 'This is a text, in spite of its name.',
  'found-video': 'This is a film, in spite of its name.',
  'found-archive': 'This is an archive, in spite of its name.',
  'found-vector-drawing': 'This is a drawing or a document, not a photo.',
  'found-layered-document': 'This is a photo editor’s own document. Export it as JPEG or TIFF to add it.',
  'decoder-missing': 'The image service lacks the reader for this kind of image.',
};

const kinds = {
  picture: 'photo',
  raw: 'RAW',
  video: 'Film',
  sidecar: 'Settings of a photo program',
  other: 'No photo',
  litter: '',
};

export const en = {
  states,
  troubles,
  failures,
  kinds,
  title: 'Import',
  startTitle: 'Bring your photos in',
  startText:
    'Choose a folder, as large as you like. ImaLink looks at every photo, keeps a preview and what the camera wrote down, and leaves the originals where they are.',
  chooseFolder: 'Choose a folder',
  chooseFiles: 'Choose files',
  orDrop: 'or drop a folder anywhere on this page',
  letGo: 'Let go to import',
  looseFiles: 'Chosen files',
  promises: {
    resume: 'You can close the page: it goes on where it stopped.',
    twice: 'Photos that are here already are recognised and cost nothing.',
    pairs: 'RAW and JPEG of one exposure become one photo.',
  },
  options: 'Options',
  volume: 'Name of the disk or card (optional)',
  volumeHint: 'Helps you to find an original later, like “Archive 2”. Use the same name each time.',
  core: 'Address of the image service',
  coreHint: 'Photos are sent there to be looked at, and nowhere else. It keeps nothing.',
  coreUse: 'Use and test',
  coreReset: 'As the server says',
  coreWell: 'The image service answers. All is well.',
  coreBad: 'That is not an address. It looks like http://localhost:8001',
  originSetting: (origin: string) => `CORE_CORS_ORIGINS=${origin}`,
  permissionHint: 'If the browser asks whether this page may reach devices on your local network, allow it.',
  looking: (folder: string) => `Looking into ${folder} …`,
  foundSoFar: (count: number) => `${of(count, 'photo', 'photos')} found so far`,
  through: (done: number, total: number) => `${n(done)} of ${of(total, 'photo', 'photos')}`,
  percent: (share: number) => `${Math.floor(share * 100)} %`,
  rate: (perSecond: number) =>
    perSecond >= 1 ? `${perSecond.toFixed(1)} photos a second` : `${Math.round(perSecond * 60)} photos a minute`,
  reading: (megabytes: number) => `reading ${n(Math.round(megabytes))} MB a second`,
  left: (seconds: number) =>
    seconds < 60
      ? 'less than a minute left'
      : seconds < 3600
        ? `about ${of(Math.round(seconds / 60), 'minute', 'minutes')} left`
        : `about ${of(Math.floor(seconds / 3600), 'hour', 'hours')} ${Math.round((seconds % 3600) / 60)} min left`,
  judging: 'working out how long it takes',
  pause: 'Pause',
  resume: 'Go on',
  cancel: 'Cancel import',
  cancelTitle: 'Cancel the import?',
  cancelText: 'Photos that were added stay. You can import the folder again later; what is here already costs nothing.',
  keepGoing: 'Keep importing',
  paused: 'Paused',
  pausing: 'Pausing: what is in hand is being finished',
  cancelling: 'Cancelling: what is on its way arrives',
  cancelled: 'Cancelled',
  done: 'Done',
  doneText: (added: number) =>
    added === 0 ? 'Nothing new was found.' : `${of(added, 'photo is', 'photos are')} new in your library.`,
  nothingFound: 'There are no photos in this folder.',
  doneWithFailures: (count: number) => `${of(count, 'file', 'files')} could not be added. See why below.`,
  toPhotos: 'See the photos',
  another: 'Import another folder',
  retryFailed: (count: number) => (count === 1 ? 'Try it again' : `Try ${n(count)} again`),
  report: 'Download report',
  reportHint: 'A table (CSV) of every file and what became of it',
  probe: 'Look again now',
  lookingAgain: 'Looking …',
  waitingTitle: 'An import is not finished',
  waitingText: (name: string, done: number, total: number) =>
    `“${name}”: ${n(done)} of ${n(total)} are done. Nothing is done twice.`,
  waitingChoose: (name: string) =>
    `Choose “${name}” again to go on: this browser cannot keep hold of a folder by itself.`,
  chooseAgain: (name: string) => `Choose “${name}” again`,
  goOn: 'Go on',
  drop: 'Give it up',
  otherFolder: (chosen: string, wanted: string) =>
    `You chose “${chosen}”, and the import of “${wanted}” is not finished. Import “${chosen}” instead?`,
  importInstead: 'Import it instead',
  elsewhereTitle: 'Another tab is importing',
  elsewhereText:
    'Only one tab at a time may import. This one shows how far it is, and takes over when the other is closed.',
  brokenTitle: 'The import stopped',
  brokenText: 'Something happened that nobody foresaw. What was added is safe, and you can go on.',
  brokenFull: 'The browser has no room left for the import’s journal. Free some disk space, then go on.',
  forgets:
    'This window keeps nothing: when you close it, the import has to begin anew. Known photos still cost nothing.',
  files: 'Files',
  filter: 'Show files',
  all: 'All',
  waiting: 'Waiting',
  filters: {
    added: 'Added',
    joined: 'Joined',
    known: 'Already here',
    failed: 'Not added',
    ignored: 'Left alone',
  },
  doing: { reading: 'Being read', sending: 'Being looked at', keeping: 'Being added' },
  openPhoto: (name: string) => `Open the photo of ${name}`,
  requestId: (id: string) => `Request ${id}`,
  inTrash: 'In your trash',
  oneAtATime: 'An import is running. Drop the folder again when it is done.',
  emptyFilter: 'No file is in this state.',
  ignoredHint: 'Films, settings files and other things that are no photos. They stay where they are.',
  joinedHint: 'A RAW file and its JPEG are one photo when folder, name, time and camera agree.',
  knownHint: 'The library has these photos already. Those in your trash stay there.',
  chip: {
    running: (done: number, total: number) => `Importing ${n(done)} of ${n(total)}`,
    scanning: (count: number) => `Importing, ${n(count)} found`,
    troubled: 'Import waits',
    paused: 'Import paused',
    waiting: 'Import not finished',
    elsewhere: 'Importing in another tab',
    done: 'Import done',
  },
  csv: ['file', 'size', 'modified', 'kind', 'result', 'photo', 'reason', 'detail', 'request', 'sha256'],
};

export type Words = typeof en;
