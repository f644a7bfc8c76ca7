/**
 * Files that are written to the browser's own store on their way to the person. None stays: each is held by a lock while it is
 * needed, and whatever nobody holds is taken away when the page begins and when people sign out.
 */

const LOCK = "sightlog.file:";
/** Files of this page that are still needed: what lets each go. */
const held = new Map<string, () => void>();

/** A new file; null where the browser gives pages no store, as in private windows. `free` ends it. */
export async function newFile(): Promise<{ handle: FileSystemFileHandle; free: () => Promise<void> } | null> {
  const folder = await store();
  if (!folder || !("createWritable" in FileSystemFileHandle.prototype)) return null;
  const name = `${crypto.getRandomValues(new Uint32Array(2)).join("-")}.mp4`;
  await hold(name);
  try {
    return { handle: await folder.getFileHandle(name, { create: true }), free: () => free(folder, name) };
  } catch (error) {
    held.get(name)?.();
    if (error instanceof DOMException) return null;
    throw error;
  }
}

/** Take away every file that no page needs; those of this page too. */
export async function forgetFiles(): Promise<void> {
  const folder = await store();
  if (!folder) return;
  await Promise.all([...held.keys()].map((name) => free(folder, name)));
  for await (const name of folder.keys()) await whereFree(name, () => removed(folder, name));
}

async function free(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  held.get(name)?.();
  held.delete(name);
  await removed(folder, name);
}

/** A file that another page is writing, or that is gone already, is not ours to take. */
async function removed(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  try {
    await folder.removeEntry(name);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}

async function store(): Promise<FileSystemDirectoryHandle | null> {
  try {
    return (await navigator.storage?.getDirectory?.()) ?? null;
  } catch (error) {
    if (error instanceof DOMException || error instanceof TypeError) return null;
    throw error;
  }
}

/** Hold the lock of a file until it is let go. */
function hold(name: string): Promise<void> {
  return new Promise((isHeld) => {
    const ends = new Promise<void>((end) => held.set(name, end));
    void navigator.locks.request(LOCK + name, () => (isHeld(), ends));
  });
}

async function whereFree(name: string, run: () => Promise<void>): Promise<void> {
  await navigator.locks.request(LOCK + name, { ifAvailable: true }, (lock) => (lock ? run() : undefined));
}
