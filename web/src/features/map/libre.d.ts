// The build of MapLibre that needs no script made at run time has no types of its own.
declare module 'maplibre-gl/dist/maplibre-gl-csp' {
  import maplibre from 'maplibre-gl';
  export default maplibre;
}
