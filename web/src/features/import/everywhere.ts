// What the import puts on every screen, in a part of the code that comes after the first photos.
export { default as ImportChip } from './ImportChip.svelte';
export { default as ImportEverywhere } from './ImportEverywhere.svelte';
