/**
 * The service worker: keeps the page's own files, so that it opens at once and can say that there is no connection.
 * Footage, pictures and answers of the API never pass through here, so they are neither kept nor late.
 */

const SHELL = "sightlog-__VERSION__";
const OFFLINE = "/offline.html";
const FIRST = [OFFLINE, "/offline.css", "/icons/icon.svg"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(FIRST)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && !url.pathname.startsWith("/api/")) event.respondWith(opened(request));
  else if (url.pathname.startsWith("/assets/") || FIRST.includes(url.pathname)) event.respondWith(kept(request));
});

async function dropOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("sightlog-") && name !== SHELL).map((name) => caches.delete(name)));
}

/** The page from the server; without a connection, the page that says so. */
async function opened(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(OFFLINE)) ?? Response.error();
  }
}

/** A file of the build: its name changes with its content, so a kept one is never stale. */
async function kept(request) {
  const found = await caches.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(SHELL)).put(request, answer.clone());
  return answer;
}
