// What TypeScript's library does not know of the File System Access API yet.
interface FileSystemHandle {
  queryPermission(wanted: { mode: 'read' }): Promise<PermissionState>;
  requestPermission(wanted: { mode: 'read' }): Promise<PermissionState>;
}

interface Window {
  showDirectoryPicker?(options: { mode: 'read'; id?: string }): Promise<FileSystemDirectoryHandle>;
}
