// The words of originals and places in English; they come with their screens, not with the page's first load.

const n = (count: number) => count.toLocaleString('en-GB');
const of = (count: number, one: string, many: string) => (count === 1 ? `1 ${one}` : `${n(count)} ${many}`);
const files = (count: number) => of(count, 'file', 'files');

/** By problem; of others the service's own sentence is shown. */
const refusals: Record<string, string> = {
  'empty-file': 'The file is empty.',
  'file-too-large': 'The file is larger than this server keeps.',
  'request-too-large': 'The file is larger than this server keeps.',
  unreadable: 'The file cannot be read any more. Was it moved, changed or unplugged?',
  'upload-offset': 'Another tab or program is sending the same file. Try again when it is done.',
};

const troubles: Record<string, string> = {
  unreachable: 'The library does not answer. Is this device online? Sending goes on by itself when it is back.',
  'store-away': 'The place where originals are kept does not answer. Sending goes on by itself when it is back.',
  'storage-full': 'There is no room left on the server. Sending goes on by itself when there is.',
  'quota-exceeded': 'Your account is full. Remove photos for good, trash included, or ask for more room; then go on.',
  'uploads-off': 'This server does not take originals any more.',
  'place-not-found': 'The place that you chose is gone. Choose another, then add the files again.',
  'signed-out': 'You are signed out. Sign in again, in another tab, then go on.',
};

const warnings: Record<string, string> = {
  needs_location: 'It is in none of your places yet: choose one.',
  needs_config: 'It could not be analysed: its place asks for something that is not set up.',
  analysis_failed: 'It could not be analysed whole.',
};

const stages: Record<string, string> = {
  library: 'Making the photo',
  thumbnail: 'Making the small picture',
  analysis: 'Looking for what its place asks for',
  summary: 'Finding its place',
};

const statuses = {
  uploaded: 'Waiting',
  processing: 'In work',
  ready: 'Ready',
  warning: 'Asks for something',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

const states = {
  waiting: 'Waits to be sent',
  sending: 'Being sent',
  stopped: 'Stopped',
  accepted: 'Arrived',
  refused: 'Not taken',
  pending: 'Waits for its turn',
  processing: 'In work',
  completed: 'Ready',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

export const en = {
  refusals,
  troubles,
  warnings,
  stages,
  statuses,
  states,
  title: 'Originals',
  tabs: { gallery: 'Kept here', send: 'Upload', places: 'Places' },
  sections: 'Originals',
  off: 'This server keeps no originals',
  offText: 'Import your photos instead: the originals stay on your own disks.',
  toImport: 'Import photos',

  sendTitle: 'Upload originals',
  startTitle: 'Keep your originals here',
  startText:
    'The files themselves are stored on this server, photos are made of them, and you can download them again. Nobody but you sees them until you say so.',
  choose: 'Choose files',
  chooseMore: 'Add files',
  orDrop: 'or drop files and folders anywhere on this page',
  letGo: 'Let go to upload',
  largest: (megabytes: number) => `Up to ${n(megabytes)} MB each.`,
  nothingDropped: 'There were no files in what you dropped.',
  options: 'Options for the next files',
  place: 'Taken at',
  placeByPosition: 'As the photo says',
  visibility: 'Who sees the photos',
  sendingNow: (done: number, total: number) => `Sending: ${n(done)} of ${files(total)}`,
  sentAll: (total: number) => `${files(total)} sent`,
  stoppedAt: (done: number, total: number) => `Stopped: ${n(done)} of ${files(total)} sent`,
  bytes: (done: string, total: string) => `${done} of ${total}`,
  perSecond: (size: string) => `${size} a second`,
  left: (seconds: number) =>
    seconds < 60
      ? 'less than a minute left'
      : seconds < 3600
        ? `about ${of(Math.round(seconds / 60), 'minute', 'minutes')} left`
        : `about ${of(Math.floor(seconds / 3600), 'hour', 'hours')} ${Math.round((seconds % 3600) / 60)} min left`,
  judging: 'working out how long it takes',
  percent: (share: number) => `${Math.floor(share * 100)} %`,
  working: (done: number, total: number) => `Photos: ${n(done)} of ${n(total)} done`,
  ended: (ready: number, total: number) =>
    ready === total
      ? `${of(total, 'photo is', 'photos are')} ready`
      : `${n(ready)} of ${of(total, 'photo', 'photos')} ready`,
  endedWith: (count: number) => `${files(count)} need you: see below`,
  stop: 'Stop',
  stopOne: (name: string) => `Stop sending ${name}`,
  goOn: 'Go on',
  goOnOne: (name: string) => `Go on with ${name}`,
  tryNow: 'Try now',
  putAway: 'Clear the list',
  toPhotos: 'See the photos',
  toKept: 'See what is kept',
  drop: (name: string) => `Take ${name} off the list`,
  cancelJob: (name: string) => `Cancel ${name}`,
  retryJob: (name: string) => `Try ${name} again`,
  cancelled: (name: string) => `${name} is not made into a photo; its original stays`,
  list: 'Files',
  filter: 'Show files',
  filters: { all: 'All', working: 'Under way', attention: 'Need you', done: 'Ready' },
  emptyFilter: 'No file is in this state.',
  duplicate: 'The library had this photo already',
  parked: 'Put aside after several tries',
  waitsFor: (what: string) => `Waits: ${what}`,
  leftTitle: (count: number) => `${files(count)} did not get here`,
  leftText: 'The page was closed before they were sent. Choose them again: what has come already is not sent twice.',
  leftHere: (percent: string) => `${percent} is here`,
  forget: 'Forget them',
  andMore: (count: number) => `and ${n(count)} more`,
  spoken: (share: number) => `${Math.floor(share * 10) * 10} %`,

  kept: (count: number) => of(count, 'original', 'originals'),
  emptyTitle: 'No originals are kept here yet',
  emptyText: 'Upload files to keep them on this server, and to have photos made of them.',
  nothing: 'No original fits',
  nothingText: 'Choose fewer filters.',
  allStatuses: 'In any state',
  errors: 'Needs you',
  underWay: 'Under way',
  status: 'State',
  from: 'Uploaded from',
  to: 'Until',
  anywhere: 'In any place',
  clearFilters: 'Clear filters',
  open: (name: string, status: string) => `${name}, ${status}`,
  inProgress: 'Files are on their way',
  look: 'Look',
  remove: 'Delete originals',
  removeTitle: (count: number) => `Delete ${of(count, 'original', 'originals')}?`,
  removeText: 'The files are removed from this server for good. Keep a copy elsewhere if you may need them.',
  withPhotos: 'Their photos',
  keepPhotos: 'stay in the library',
  trashPhotos: 'go to the trash, if they came with these files alone',
  removed: (count: number) => `${of(count, 'original', 'originals')} deleted`,
  putInPlace: 'Choose a place',
  putInPlaceTitle: (count: number) => `Where were ${files(count)} taken?`,
  placed: (count: number, place: string) => `${files(count)} put in “${place}”`,
  unplaced: (count: number) => `${files(count)} left to their positions`,
  again: 'Process again',
  againBegun: (count: number) => `${files(count)} are being processed again`,
  againText: 'The photo is made again from its original. What you wrote stays.',

  details: 'About the file',
  fileName: 'File',
  size: 'Size',
  dimensions: 'Picture',
  type: 'Kind',
  camera: 'Camera',
  taken: 'Taken',
  uploaded: 'Uploaded',
  digest: 'SHA-256',
  download: 'Download the original',
  toPhoto: 'Open the photo',
  noPicture: 'No picture was made of this file.',
  where: 'Place',
  assign: 'Put here',
  askedPlace: 'Where was this taken?',
  noPlaces: 'You have no places yet.',
  makePlace: 'Draw a place here',
  firstPlace: 'Draw a place',
  history: 'What was done',
  run: { process: 'First time', reprocess: 'Processed again' },
  took: (seconds: number) =>
    seconds < 0.1 ? 'a moment' : seconds < 10 ? `${seconds.toFixed(1)} s` : `${n(Math.round(seconds))} s`,
  attempts: (count: number) => of(count, 'try', 'tries'),
  analysis: 'What was seen',
  detected: (count: number) => `${n(count)} found`,
  confidence: (share: number) => `${Math.round(share * 100)} % sure on average`,

  placesTitle: 'Places',
  placesEmpty: 'No places yet',
  placesEmptyText: 'A place is an area with a name: originals whose photos were taken in it find it by themselves.',
  newPlace: 'New place',
  editPlace: (name: string) => `Change ${name}`,
  deletePlace: (name: string) => `Delete the place “${name}”?`,
  deletePlaceText: 'Originals that are in it stay, without a place.',
  placeDeleted: (left: number) => (left === 0 ? 'Place deleted' : `Place deleted; ${files(left)} have none now`),
  placeMade: (name: string) => `Place “${name}” drawn`,
  kinds: { site: 'Site', area: 'Area', spot: 'Spot' },
  within: 'Within',
  top: 'Nothing: it is a site of its own',
  latitude: 'Latitude, degrees north',
  longitude: 'Longitude, degrees east',
  radius: 'Radius in metres',
  drawn: 'Its outline was drawn by another program, and stays as it is.',
  metres: (metres: number) =>
    metres >= 10_000 ? `${n(Math.round(metres / 1000))} km around` : `${n(Math.round(metres))} m around`,
  squared: (metres: number) => (metres >= 100_000 ? `${(metres / 1e6).toFixed(1)} km²` : `${n(Math.round(metres))} m²`),
  clickMap: 'Click the map, or move it with the arrow keys and press Enter, to choose the middle.',
  map: 'Map of the place',
  noMap: 'This browser cannot draw the map. Type the position, or take that of a photo.',
  ofPhoto: 'Take the position of a photo',
  positionOf: (photo: string) => `Position of ${photo}`,
};

export type Words = typeof en;
